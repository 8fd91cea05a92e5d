using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>Decides what a key may do; says what is missing where it may not.</summary>
internal static class KeyPermissions
{
    /// <summary>The refusal, or null where the key may. A key that is held to some models must name one.</summary>
    public static ApiError? Check(ProxyExchange exchange)
    {
        if (exchange is not { Client: { } client, Endpoint: { } endpoint })
        {
            return null;
        }

        if (!client.MayUseEndpoint(endpoint))
        {
            return Refusal(
                "endpoint_not_allowed",
                $"The API key '{client.KeyId}' may not use {endpoint.Path}. It may use: {string.Join(", ", client.Endpoints)}.");
        }

        if (client.Models.Count == 0 || endpoint.IsStateful)
        {
            // What is asked of a kept answer names no model: it is the key's own, and was checked when it was made.
            return null;
        }

        var isListing = endpoint.Class == EndpointClass.Models;
        if (isListing && exchange.ResourceId is null)
        {
            // The listing itself shows what the key may use.
            return null;
        }

        var model = isListing ? exchange.ResourceId : exchange.Request?.Model;
        if (model is null)
        {
            // vLLM would take its own default, which the key may not be allowed.
            return Refusal(
                "model_not_allowed",
                $"The API key '{client.KeyId}' is limited to some models, so a request must name one of them. It may use: {string.Join(", ", client.Models)}.");
        }

        return client.MayUseModel(model)
            ? null
            : Refusal(
                "model_not_allowed",
                $"The API key '{client.KeyId}' may not use this model. It may use: {string.Join(", ", client.Models)}.");
    }

    private static ApiError Refusal(string code, string message) =>
        new(StatusCodes.Status403Forbidden, ApiErrorTypes.Permission, code, message)
        {
            Param = code == "model_not_allowed" ? "model" : null,
        };
}
