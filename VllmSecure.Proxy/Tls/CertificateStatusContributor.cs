using System.Text.Json;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Tls;

/// <summary>The certificates in <c>/status</c>.</summary>
internal sealed class CertificateStatusContributor(IServiceProvider services) : IStatusContributor
{
    public string Name => "certificates";

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var certificate in services.GetRequiredService<ICertificateSource>().Describe())
        {
            json.WriteStartObject();
            json.WriteStartArray("names");
            foreach (var name in certificate.Names)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
            json.WriteString("origin", certificate.Origin);
            json.WriteBoolean("placeholder", certificate.IsPlaceholder);
            json.WriteString("notAfter", certificate.NotAfter);
            Write(json, "nextRenewal", certificate.NextRenewal);
            Write(json, "lastAttempt", certificate.LastAttempt);
            json.WriteString("lastError", certificate.LastError);
            json.WriteNumber("failures", certificate.Failures);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, DateTimeOffset? instant)
    {
        if (instant is { } value)
        {
            json.WriteString(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
