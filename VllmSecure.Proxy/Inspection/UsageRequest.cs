using System.Text;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// Asks vLLM for the usage of a stream where the client did not: quotas and accounts are settled by vLLM's own count. The
/// event that comes of it is taken out of the client's stream again.
/// </summary>
internal static class UsageRequest
{
    /// <summary>The formats that leave usage out of a stream unless asked; the others always have it.</summary>
    public static bool IsNeeded(ApiEndpoint endpoint, RequestFacts facts) =>
        endpoint.Format is WireFormat.ChatCompletions or WireFormat.Completions or WireFormat.Form && facts is { Stream: true, IncludeUsage: false };

    /// <summary>
    /// Replaces <c>stream_options</c> whole: without usage its other switches (continuous usage) mean nothing, and with
    /// it they would show the client what it did not ask for.
    /// </summary>
    public static void Add(RequestBody body) => body.SetMember("stream_options", """{"include_usage":true}"""u8);

    /// <summary>The same in a form, whose switches are fields of their own: a part more, or another value of the client's.</summary>
    public static void AddToForm(RequestBody form, string boundary)
    {
        if (form.TryGetMember("stream_continuous_usage_stats", out var continuous))
        {
            form.Replace(continuous, "false"u8.ToArray());
        }

        if (form.TryGetMember("stream_include_usage", out var value))
        {
            form.Replace(value, "true"u8.ToArray());
        }
        else
        {
            form.Replace(default, Encoding.ASCII.GetBytes(
                $"--{boundary}\r\nContent-Disposition: form-data; name=\"stream_include_usage\"\r\n\r\ntrue\r\n"));
        }
    }
}
