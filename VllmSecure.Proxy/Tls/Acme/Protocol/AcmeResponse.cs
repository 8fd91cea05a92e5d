using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>An answer of the CA that is no error.</summary>
/// <param name="Body">At most <see cref="AcmeTransport.MaxResponseBytes"/>.</param>
/// <param name="Location">The URL of what was created.</param>
/// <param name="RetryAfter">When to ask again.</param>
internal sealed record AcmeResponse(byte[] Body, Uri? Location, TimeSpan? RetryAfter)
{
    /// <summary>Throws <see cref="AcmeException"/> where the body is something else.</summary>
    public T Read<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type) ?? throw new AcmeException($"The CA sent null where {typeof(T).Name} belongs.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new AcmeException($"The CA sent something that is no {typeof(T).Name}.", exception);
        }
    }
}
