using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.RequestPolicy.Advisories;

/// <summary>Looks at each upstream once it answers, and warns of what its operator should know.</summary>
internal sealed partial class UpstreamAudit(
    IUpstreamProbe probe, IReadOnlyList<ApiEndpoint> endpoints, IOptions<AdvisoriesOptions> options, TimeProvider clock, ILogger<UpstreamAudit> logger)
    : BackgroundService
{
    /// <summary>The first release without any of the defects that the catalog knows a fix for.</summary>
    private static readonly Version Recommended = AdvisoryCatalog.All.Max(advisory => advisory.FixedIn)!;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.CheckUpstreams)
        {
            return;
        }

        var open = probe.Upstreams.ToList();
        while (open.Count > 0)
        {
            for (var i = open.Count - 1; i >= 0; i--)
            {
                if (await AuditAsync(open[i], stoppingToken))
                {
                    open.RemoveAt(i);
                }
            }

            if (open.Count > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(options.Value.RetrySeconds), clock, stoppingToken);
            }
        }
    }

    /// <summary>Whether the upstream has answered.</summary>
    private async Task<bool> AuditAsync(string upstream, CancellationToken cancellationToken)
    {
        if (await probe.GetAsync(upstream, "/version", cancellationToken) is not { } answer)
        {
            return false;
        }

        if (UpstreamFindings.ReadVersion(answer) is { } version && AdvisoryCatalog.For(version).Select(advisory => advisory.Id).ToArray() is { Length: > 0 } ids)
        {
            Log.HasAdvisories(logger, upstream, version, string.Join(", ", ids), Recommended);
        }

        if (await probe.GetAsync(upstream, "/openapi.json", cancellationToken) is { } openApi
            && UpstreamFindings.UnknownRoutes(openApi, endpoints) is { Count: > 0 } routes)
        {
            Log.HasUnknownRoutes(logger, upstream, string.Join(", ", routes));
        }

        return true;
    }
}
