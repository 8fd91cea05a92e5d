namespace VllmSecure.Proxy.Routing.Admission;

/// <summary>Whether a request may go to a server.</summary>
/// <param name="Ticket">Its leave to; null: it is turned away.</param>
/// <param name="RetryAfter">When one that is turned away should come again.</param>
internal readonly record struct AdmissionAnswer(AdmissionTicket? Ticket, TimeSpan RetryAfter = default);
