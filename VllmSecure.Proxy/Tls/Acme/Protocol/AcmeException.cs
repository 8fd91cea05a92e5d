using System.Net;
using System.Text.Json;

namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>A CA that refused, failed, was out of reach, or gave something unusable. The message is one line for the operator.</summary>
internal sealed class AcmeException : Exception
{
    public AcmeException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    public AcmeException(AcmeProblem problem, HttpStatusCode? status = null, TimeSpan? retryAfter = null)
        : base(problem.Describe())
    {
        Problem = problem;
        Status = status;
        RetryAfter = retryAfter;
    }

    /// <summary>What the CA said; null where it said nothing.</summary>
    public AcmeProblem? Problem { get; }

    public HttpStatusCode? Status { get; }

    /// <summary>How long the CA wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the CA could not answer, or not with sense, as opposed to having refused.</summary>
    public bool IsOutage => Status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
        || InnerException is HttpRequestException or OperationCanceledException or JsonException;

    public bool Is(string code) => Problem?.Code == code;
}
