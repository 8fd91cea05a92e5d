namespace VllmSecure.Simulator.Http;

/// <summary>A method of a path; planned faults strike inference only.</summary>
internal sealed record Endpoint(string Method, EndpointHandler Handler, bool IsInference);
