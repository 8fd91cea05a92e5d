namespace VllmSecure.Simulator.Http;

/// <summary>Answers one request.</summary>
internal delegate Task EndpointHandler(Exchange exchange);
