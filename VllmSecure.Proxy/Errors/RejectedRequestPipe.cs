using System.IO.Pipelines;

namespace VllmSecure.Proxy.Errors;

/// <summary>A connection's transport whose output may be replaced when the server rejects a request.</summary>
internal sealed class RejectedRequestPipe(IDuplexPipe transport, RejectedRequestFeature rejected) : IDuplexPipe
{
    public PipeReader Input => transport.Input;

    public PipeWriter Output { get; } = new RejectedRequestWriter(transport.Output, rejected);
}
