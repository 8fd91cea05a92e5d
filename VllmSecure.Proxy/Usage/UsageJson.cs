using System.Text.Json.Serialization;

namespace VllmSecure.Proxy.Usage;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(UsageRow[]))]
internal sealed partial class UsageJson : JsonSerializerContext;
