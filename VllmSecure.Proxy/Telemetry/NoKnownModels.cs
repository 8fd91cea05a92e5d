namespace VllmSecure.Proxy.Telemetry;

/// <summary>Stands in until a feature knows the models.</summary>
internal sealed class NoKnownModels : IKnownModels
{
    public bool IsKnown(string model) => false;
}
