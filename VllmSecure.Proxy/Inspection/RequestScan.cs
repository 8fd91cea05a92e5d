using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>What the scan of a body found; with an error, the rest says nothing.</summary>
internal sealed class RequestScan
{
    public ApiError? Error { get; set; }

    public RequestFacts Facts { get; } = new();

    public BodyRange Root { get; set; }

    public List<BodyMember> Members { get; } = [];
}
