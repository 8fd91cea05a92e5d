using System.Diagnostics;
using OpenTelemetry;

namespace VllmSecure.ServiceDefaults;

/// <summary>HttpClient's spans: only within a trace, and with no more of the address than who was called.</summary>
internal sealed class OutgoingSpans : BaseProcessor<Activity>
{
    private const string FullUrl = "url.full";

    public override void OnStart(Activity data)
    {
        // Calls that belong to no request (health probes every few seconds, token refreshes) would bury the requests.
        if (IsOutgoing(data) && data is { Parent: null, HasRemoteParent: false })
        {
            data.IsAllDataRequested = false;
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    public override void OnEnd(Activity data)
    {
        // A path can hold an id, or whatever a client of ours wrote there; the host and port say who was called.
        if (IsOutgoing(data) && data.GetTagItem(FullUrl) is string url)
        {
            data.SetTag(FullUrl, WithoutPath(url));
        }
    }

    private static string WithoutPath(string url)
    {
        var host = url.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var path = url.AsSpan(host).IndexOfAny('/', '?', '#');
        return path < 0 ? url : url[..(host + path)];
    }

    private static bool IsOutgoing(Activity span) => span.Source.Name == OpenTelemetryExtensions.HttpClientSource;
}
