using Microsoft.AspNetCore.Http.Features;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// Takes note of the forwarder's wish to cut the answer, in place of cutting it: in a stream of events there is still a
/// way to say in words that it failed.
/// </summary>
internal sealed class DeferredReset : IHttpResetFeature
{
    /// <summary>The HTTP/2 or HTTP/3 error code to cut with; null while nobody wants to.</summary>
    public int? ErrorCode { get; private set; }

    public void Reset(int errorCode) => ErrorCode ??= errorCode;
}
