using System.Text.Json;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Generation;

/// <summary><c>stream</c> and <c>stream_options</c>.</summary>
internal sealed record StreamOptions(bool Enabled, bool IncludeUsage, bool ContinuousUsage)
{
    public static StreamOptions Read(JsonElement body)
    {
        var enabled = Json.Flag(body, "stream");
        if (Json.Member(body, "stream_options") is not { } options)
        {
            return new StreamOptions(enabled, IncludeUsage: false, ContinuousUsage: false);
        }

        if (!enabled)
        {
            throw ApiException.BadRequest("Stream options can only be defined when `stream=True`.", "stream_options");
        }

        var usage = Json.Flag(options, "include_usage");
        return new StreamOptions(enabled, usage, usage && Json.Flag(options, "continuous_usage_stats"));
    }
}
