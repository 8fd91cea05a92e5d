using VllmSecure.Proxy.Errors;

namespace VllmSecure.Proxy.Routing.Admission;

internal static class AdmissionErrors
{
    public static ApiError Overloaded(TimeSpan retryAfter) => new(
        StatusCodes.Status429TooManyRequests, ApiErrorTypes.RateLimit, "overloaded",
        "Every model server for this request is full, and so is the queue before them. Try again after the time in Retry-After.")
    {
        RetryAfter = retryAfter,
    };
}
