using System.Text.Json.Serialization;

namespace VllmSecure.Proxy.Quotas;

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DayUsage))]
internal sealed partial class DayUsageJson : JsonSerializerContext;
