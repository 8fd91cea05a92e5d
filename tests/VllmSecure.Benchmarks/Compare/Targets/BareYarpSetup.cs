using System.Globalization;

namespace VllmSecure.Benchmarks.Compare.Targets;

internal sealed class BareYarpSetup : ITargetSetup
{
    public string Id => "yarp";

    public string? Title => "bare YARP";

    public IReadOnlyList<string> Prepare(TargetPlace place) =>
    [
        Executables.Self, ServerModes.BareYarp, place.Port.ToString(CultureInfo.InvariantCulture), place.UpstreamPort.ToString(CultureInfo.InvariantCulture),
        place.Certificate.CertificateFile, place.Certificate.KeyFile, place.AccessLog,
    ];
}
