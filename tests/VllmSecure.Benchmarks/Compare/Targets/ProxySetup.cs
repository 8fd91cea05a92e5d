using System.Globalization;

namespace VllmSecure.Benchmarks.Compare.Targets;

/// <summary>The proxy with everything on: keys, quotas, policy, inspection, metrics, access log, and every request traced.</summary>
internal sealed class ProxySetup(string executable, bool traces) : ITargetSetup
{
    public string Id => traces ? "proxy" : "proxy-without-traces";

    public string? Title => traces ? "VllmSecure" : "VllmSecure without traces";

    // The quotas are far away: they are counted and never reached.
    public IReadOnlyList<string> Prepare(TargetPlace place) =>
    [
        executable,
        "--environment=Production",
        string.Create(CultureInfo.InvariantCulture, $"--urls=https://127.0.0.1:{place.Port}"),
        "--Management:Port=0",
        $"--DataDirectory={Path.Combine(place.Folder, "data")}",
        "--Tls:Source=Files",
        $"--Tls:Files:0:Certificate={place.Certificate.CertificateFile}",
        $"--Tls:Files:0:Key={place.Certificate.KeyFile}",
        string.Create(CultureInfo.InvariantCulture, $"--Upstreams:vllm:Address=http://127.0.0.1:{place.UpstreamPort}"),
        $"--ApiKeys:benchmark:Key={Prompts.Key}",
        "--Quotas:Default:RequestsPerMinute=1000000000",
        "--Quotas:Default:TokensPerMinute=1000000000000",
        "--Quotas:Default:TokensPerDay=1000000000000000",
        "--Quotas:Default:MaxConcurrent=100000",
        "--AccessLog:StandardOutput=false",
        $"--AccessLog:File={place.AccessLog}",
        "--AccessLog:MaxFileBytes=1000000000000", // Nobody else rotates.
    ];

    public Dictionary<string, string> Environment(TargetPlace place) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{place.CollectorPort}"),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_TRACES_SAMPLER"] = traces ? "always_on" : "always_off",
    };
}
