using System.Diagnostics;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>
/// What ASP.NET Core asks for the parent of an incoming request's span: nothing, so that each request is a trace of its own.
/// Outgoing requests keep the usual propagator: HttpClient asks <see cref="DistributedContextPropagator.Current"/>.
/// </summary>
internal sealed class UntrustedTracePropagator(DistributedContextPropagator outgoing) : DistributedContextPropagator
{
    public override IReadOnlyCollection<string> Fields => outgoing.Fields;

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        (traceId, traceState) = (null, null);

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
        outgoing.Inject(activity, carrier, setter);
}
