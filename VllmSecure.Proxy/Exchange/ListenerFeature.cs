namespace VllmSecure.Proxy.Exchange;

/// <summary>Connection feature that says which listener accepted the connection.</summary>
internal sealed record ListenerFeature(ListenerRole Role);
