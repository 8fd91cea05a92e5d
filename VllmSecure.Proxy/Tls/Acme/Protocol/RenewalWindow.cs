namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>The span of time in which a CA wants the renewal.</summary>
internal sealed record RenewalWindow(DateTimeOffset Start, DateTimeOffset End);
