using System.Text.Json.Serialization;

namespace VllmSecure.Proxy.Tls.Acme.Storage;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(CertificateState))]
internal sealed partial class StorageJsonContext : JsonSerializerContext;
