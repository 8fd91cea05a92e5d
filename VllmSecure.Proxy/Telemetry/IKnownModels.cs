namespace VllmSecure.Proxy.Telemetry;

/// <summary>
/// The models that the upstreams serve: the only model names that may become a label, a span's name or a field of the
/// access log. A client can write anything into <c>model</c>: a million names, or a secret.
/// </summary>
internal interface IKnownModels
{
    /// <summary>Whether a model of this name (an alias included) is served.</summary>
    bool IsKnown(string model);
}
