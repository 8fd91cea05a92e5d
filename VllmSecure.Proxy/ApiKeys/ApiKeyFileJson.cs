using System.Text.Json.Serialization;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>Strict, since a misspelt or doubled setting would silently lift a limit.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    Converters = [typeof(KeyInstantConverter)])]
[JsonSerializable(typeof(ApiKeyFileContent))]
internal sealed partial class ApiKeyFileJson : JsonSerializerContext;
