using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Tests.Telemetry;

public sealed class ClientTraceContextTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string TraceParent = $"00-{TraceId}-b7ad6b7169203331-01";

    [Fact]
    public void Detach_ClientsTrace_IsLinkedAndItsHeadersGone()
    {
        using var span = new Activity("request").Start();
        var headers = Headers();

        ClientTraceContext.Detach(headers, span);

        var link = Assert.Single(span.Links);
        Assert.Equal(TraceId, link.Context.TraceId.ToHexString());
        Assert.True(link.Context.IsRemote);
        Assert.Null(link.Context.TraceState);
        Assert.Equal(["Accept"], headers.Keys);
    }

    [Fact]
    public void Detach_TraceThatWasContinued_IsNotLinkedToItself()
    {
        using var span = new Activity("request").SetParentId(TraceParent).Start();

        ClientTraceContext.Detach(Headers(), span);

        Assert.Empty(span.Links);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-short-b7ad6b7169203331-01")]
    [InlineData("a secret that is no trace context")]
    public void Detach_Nonsense_IsDropped(string value)
    {
        using var span = new Activity("request").Start();
        var headers = new HeaderDictionary { ["traceparent"] = value };

        ClientTraceContext.Detach(headers, span);

        Assert.Empty(span.Links);
        Assert.Empty(headers);
    }

    [Fact]
    public void Detach_NoSpan_StillTakesTheHeadersOff()
    {
        var headers = Headers();

        ClientTraceContext.Detach(headers, span: null);

        Assert.Equal(["Accept"], headers.Keys);
    }

    [Fact]
    public void UntrustedPropagator_Incoming_HasNoParent()
    {
        var propagator = new UntrustedTracePropagator(DistributedContextPropagator.Current);

        propagator.ExtractTraceIdAndState(Headers(), Read, out var parent, out var state);

        Assert.Null(parent);
        Assert.Null(state);
        Assert.Null(propagator.ExtractBaggage(Headers(), Read));
    }

    [Fact]
    public void UntrustedPropagator_Outgoing_IsTheUsual()
    {
        using var span = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        var written = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

        new UntrustedTracePropagator(DistributedContextPropagator.Current)
            .Inject(span, written, (carrier, name, value) => ((Dictionary<string, string>)carrier!)[name] = value);

        Assert.Equal(span.Id, written["traceparent"]);
    }

    private static HeaderDictionary Headers() => new()
    {
        ["traceparent"] = TraceParent,
        ["tracestate"] = "vendor=secret",
        ["baggage"] = "user=secret",
        ["Correlation-Context"] = "user=secret",
        ["Request-Id"] = "|secret.",
        ["Accept"] = "*/*",
    };

    private static void Read(object? carrier, string name, out string? value, out IEnumerable<string>? values)
    {
        value = ((HeaderDictionary)carrier!)[name];
        values = null;
    }
}
