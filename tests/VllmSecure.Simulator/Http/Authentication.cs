using System.Buffers;
using System.Text;

namespace VllmSecure.Simulator.Http;

/// <summary>vLLM's own key check, with its gaps: four prefixes, Bearer only, not on OPTIONS.</summary>
internal static class Authentication
{
    private static readonly string[] GuardedPrefixes = ["/v1", "/v2", "/inference", "/cohere"];

    private static readonly byte[] Refusal = Encoding.UTF8.GetBytes("""{"error":"Unauthorized"}""");

    public static bool Check(Exchange exchange)
    {
        var record = exchange.Record;
        var key = exchange.Options.ApiKey;
        if (string.IsNullOrEmpty(key) || record.Method is "OPTIONS"
            || !GuardedPrefixes.Any(prefix => record.Path.StartsWith(prefix, StringComparison.Ordinal))
            || Matches(record.Header("Authorization"), key))
        {
            return true;
        }

        var response = exchange.Http.Response;
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.ContentType = "application/json";
        response.ContentLength = Refusal.Length;
        response.BodyWriter.Write(Refusal);
        return false;
    }

    /// <summary>The scheme in any case, one space, the key.</summary>
    private static bool Matches(string? header, string key) =>
        header?.Split(' ', 2) is [var scheme, var parameter]
        && string.Equals(scheme, "bearer", StringComparison.OrdinalIgnoreCase) && parameter == key;
}
