using System.Globalization;
using System.Text.Json;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.AccessLog;

/// <summary>Every field there is, in the order of the line. None of them can hold content or a credential.</summary>
internal static class AccessLogFields
{
    private static readonly AccessLogField[] All =
    [
        new("time", (json, entry) => WriteTime(json, entry.Time)),
        new("request_id", (json, entry) => json.WriteStringValue(entry.Exchange.RequestId)),
        new("trace_id", (json, entry) => json.WriteStringValue(entry.TraceId)),
        new("key_id", (json, entry) => json.WriteStringValue(entry.Exchange.Client?.KeyId)),
        new("client_address", (json, entry) => json.WriteStringValue(entry.ClientAddress?.ToString())),
        new("protocol", (json, entry) => json.WriteStringValue(entry.Protocol)),
        new("method", (json, entry) => json.WriteStringValue(entry.Method)),
        new("path", (json, entry) => json.WriteStringValue(entry.Path)),
        new("model", (json, entry) => json.WriteStringValue(entry.Model)),
        new("stream", (json, entry) => WriteBoolean(json, entry.Exchange.Request?.Stream)),
        new("status", (json, entry) => WriteNumber(json, entry.Status)),
        new("outcome", (json, entry) => json.WriteStringValue(OutcomeNames.Of(entry.Exchange.Outcome))),
        new("ended_by", (json, entry) => json.WriteStringValue(OutcomeNames.EndedBy(entry.Exchange))),
        new("rule", (json, entry) => json.WriteStringValue(entry.Exchange.RefusedBy)),
        new("upstream", (json, entry) => json.WriteStringValue(entry.Exchange.Upstream)),
        new("bytes_in", (json, entry) => WriteNumber(json, entry.Exchange.Request?.BodyBytes)),
        new("bytes_out", (json, entry) => WriteNumber(json, entry.Exchange.ResponseBytes)),
        new("tokens_in", (json, entry) => WriteNumber(json, entry.Exchange.Usage?.Input)),
        new("tokens_out", (json, entry) => WriteNumber(json, entry.Exchange.Usage?.Output)),
        new("tokens_cached", (json, entry) => WriteNumber(json, entry.Exchange.Usage?.CachedInput)),
        new("finish_reason", (json, entry) => json.WriteStringValue(FinishReasons.Bounded(entry.Exchange.FinishReason))),
        new("queue_time_ms", (json, entry) => WriteMilliseconds(json, entry.Exchange.QueueTime)),
        new("time_to_first_token_ms", (json, entry) => WriteMilliseconds(json, entry.TimeToFirstToken)),
        new("duration_ms", (json, entry) => WriteMilliseconds(json, entry.Duration)),
    ];

    /// <summary>The names of all fields, for people.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(field => field.Name));

    public static bool IsKnown(string name) => Array.Exists(All, field => Is(field, name));

    /// <summary>The fields that are not switched off.</summary>
    public static AccessLogField[] Enabled(AccessLogOptions options) =>
        Array.FindAll(All, field => options.Fields.All(setting => setting.Value || !Is(field, setting.Key)));

    // Configuration keys have no case.
    private static bool Is(AccessLogField field, string name) => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase);

    private static void WriteTime(Utf8JsonWriter json, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte["yyyy-MM-ddTHH:mm:ss.fffZ".Length];
        time.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        json.WriteStringValue(text[..length]);
    }

    private static void WriteNumber(Utf8JsonWriter json, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void WriteBoolean(Utf8JsonWriter json, bool? value)
    {
        if (value is { } boolean)
        {
            json.WriteBooleanValue(boolean);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void WriteMilliseconds(Utf8JsonWriter json, TimeSpan? value)
    {
        if (value is { } time)
        {
            json.WriteNumberValue(Math.Round(time.TotalMilliseconds, 3));
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
