namespace VllmSecure.Simulator.Http;

/// <summary>An answer that is an error in vLLM's shape.</summary>
internal sealed class ApiException(int statusCode, string type, string message, string? param = null) : Exception(message)
{
    public int StatusCode { get; } = statusCode;

    public string Type { get; } = type;

    public string? Param { get; } = param;

    public static ApiException BadRequest(string message, string? param = null) => new(400, "BadRequestError", message, param);

    public static ApiException UnknownModel(string model) =>
        new(404, "NotFoundError", $"The model `{model}` does not exist.", "model");

    public static ApiException QueueFull() =>
        new(503, "ServiceUnavailableError", "The server is overloaded: the maximum number of queued requests has been reached. Please retry later.");

    public static ApiException OfStatus(int statusCode) => statusCode switch
    {
        400 => BadRequest("The request was refused."),
        500 => new(500, "InternalServerError", "EngineCore encountered an issue. See stack trace (above) for the root cause."),
        503 => new(503, "ServiceUnavailableError", "The server is overloaded."),
        _ => new(statusCode, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(statusCode), $"Simulated status {statusCode}."),
    };
}
