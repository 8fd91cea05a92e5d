using System.Net;
using Microsoft.Extensions.Logging;

namespace VllmSecure.Proxy.Tests.Tls.Acme;

/// <summary>What a CA or a clock may do wrong without the loop standing still or running wild.</summary>
public sealed class CertificateKeeperRefusalTests : IDisposable
{
    private readonly AcmeFixture _acme = new();

    [Theory]
    [InlineData(HttpStatusCode.Conflict, "alreadyReplaced")]
    [InlineData(HttpStatusCode.Forbidden, "unauthorized")]
    [InlineData(HttpStatusCode.NotFound, "malformed")]
    public async Task Keep_OrderThatReplacesIsRefused_OrdersWithoutIt(HttpStatusCode status, string code)
    {
        _acme.Authority.Window = () => (TestCertificates.Start.AddDays(10), TestCertificates.Start.AddDays(11));
        await _acme.RunUntilAsync(() => _acme.Published == 1);
        _acme.Authority.FaultOfOrder = payload => payload.Contains("replaces", StringComparison.Ordinal) ? FakeAuthority.Problem(status, code) : null;
        await _acme.RunUntilAsync(() => _acme.Published == 2 || _acme.Managed.State.Failures > 5);

        Assert.Equal(2, _acme.Published);
        Assert.Empty(_acme.Messages(LogLevel.Warning));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "serverInternal")]
    [InlineData(HttpStatusCode.TooManyRequests, "rateLimited")]
    public async Task Keep_OutageAtAnOrderThatReplaces_TriesTheSameLater(HttpStatusCode status, string code)
    {
        _acme.Authority.Window = () => (TestCertificates.Start.AddDays(10), TestCertificates.Start.AddDays(11));
        await _acme.RunUntilAsync(() => _acme.Published == 1);
        var refused = 0;
        _acme.Authority.FaultOfOrder = _ => refused++ == 0 ? FakeAuthority.Problem(status, code) : null;
        await _acme.RunUntilAsync(() => _acme.Published == 2);

        Assert.Single(_acme.Messages(LogLevel.Warning));
        Assert.Contains("replaces", _acme.Authority.Orders[1].Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_ClockDaysAheadOfTheCas_OrdersOnceAnHourAndNamesTheClock()
    {
        _acme.Authority.Lifetime = TimeSpan.FromDays(6);
        _acme.Authority.Behind = TimeSpan.FromDays(5);
        await _acme.RunUntilAsync(() => _acme.Clock.GetUtcNow() >= TestCertificates.Start.AddHours(10) || _acme.Published > 50);

        Assert.InRange(_acme.Published, 2, 10);
        Assert.Contains(_acme.Messages(LogLevel.Error), message => message.Contains("Set the clock", StringComparison.Ordinal));
    }

    public void Dispose() => _acme.Dispose();
}
