using System.Text.Json.Serialization;
using VllmSecure.Proxy.Routing.Administration;

namespace VllmSecure.Proxy.Routing;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ServerStatus[]))]
internal sealed partial class RoutingJson : JsonSerializerContext;
