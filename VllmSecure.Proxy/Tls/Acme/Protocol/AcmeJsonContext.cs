using System.Text.Json.Serialization;

namespace VllmSecure.Proxy.Tls.Acme.Protocol;

// A member that a CA must send and left out is an error here, and not a null somewhere later.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AcmeDirectory))]
[JsonSerializable(typeof(AcmeAccountRequest))]
[JsonSerializable(typeof(AcmeOrderRequest))]
[JsonSerializable(typeof(AcmeOrder))]
[JsonSerializable(typeof(AcmeAuthorization))]
[JsonSerializable(typeof(AcmeChallenge))]
[JsonSerializable(typeof(AcmeFinalizeRequest))]
[JsonSerializable(typeof(AcmeRevocationRequest))]
[JsonSerializable(typeof(AcmeStatusChange))]
[JsonSerializable(typeof(AcmeProblem))]
[JsonSerializable(typeof(AcmeRenewalInfo))]
[JsonSerializable(typeof(JsonWebKey))]
[JsonSerializable(typeof(JwsHeader))]
[JsonSerializable(typeof(JwsMessage))]
internal sealed partial class AcmeJsonContext : JsonSerializerContext;
