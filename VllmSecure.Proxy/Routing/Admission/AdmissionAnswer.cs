using VllmSecure.Proxy.Routing.Choice;

namespace VllmSecure.Proxy.Routing.Admission;

/// <summary>Whether a request may go to a server.</summary>
/// <param name="Ticket">Its leave to; null: it is turned away.</param>
/// <param name="Route">The servers by which it was judged; those known at the end of its wait.</param>
/// <param name="RetryAfter">When one that is turned away should come again.</param>
internal readonly record struct AdmissionAnswer(AdmissionTicket? Ticket, RequestRoute Route, TimeSpan RetryAfter = default);
