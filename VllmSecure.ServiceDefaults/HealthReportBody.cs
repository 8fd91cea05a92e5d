using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VllmSecure.ServiceDefaults;

/// <summary>A health report as JSON: each check's status and description. Never its exception or data, which may quote anything.</summary>
internal static class HealthReportBody
{
    /// <summary>UTF-8: <c>{"status":"Healthy","checks":{"self":{"status":"Healthy","description":null}}}</c>.</summary>
    public static ReadOnlyMemory<byte> Serialize(HealthReport report)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, report.Status.ToString());
            json.WriteStartObject("checks"u8);
            foreach (var (name, check) in report.Entries)
            {
                json.WriteStartObject(name);
                json.WriteString("status"u8, check.Status.ToString());
                json.WriteString("description"u8, Describe(check));
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>A check that threw gets its exception's message as description from the framework: that is kept back.</summary>
    private static string? Describe(HealthReportEntry check) =>
        check.Exception is { } exception && check.Description == exception.Message ? "The check failed; the log says why." : check.Description;
}
