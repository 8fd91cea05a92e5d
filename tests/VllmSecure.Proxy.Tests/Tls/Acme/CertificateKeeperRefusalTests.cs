using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Storage;

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

    [Fact]
    public async Task Keep_AttemptUnderWay_HasNoErrorOnDisk()
    {
        _acme.Authority.Fault = _ => throw new HttpRequestException("down");
        await _acme.RunUntilAsync(() => _acme.Managed.State is { Failures: 2, LastError: not null });
        CertificateState? state = null;
        _acme.Authority.Fault = path =>
        {
            state = path == "finalize" ? StoredState() : state;
            return null;
        };
        await _acme.RunUntilAsync(() => _acme.Published == 1);

        // So that 'certificates renew' waits on, in place of showing the failure before.
        Assert.Equal(3, state!.Failures);
        Assert.Null(state.LastError);
    }

    [Fact]
    public async Task Keep_FirstCaSendsNonsense_TakesTheSecond()
    {
        var second = _acme.Add("other.example");
        _acme.Authority.Fault = path => path == "directory" ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}") } : null;
        await _acme.RunUntilAsync(() => _acme.Published == 1 || _acme.Managed.State.Failures > 3);

        Assert.Equal(second.Directory, _acme.Managed.State.Directory);
    }

    [Fact]
    public async Task Keep_DefectWithTheFirstCa_TakesTheSecond()
    {
        var second = _acme.Add("other.example");
        _acme.Authority.Fault = path => path == "directory" ? throw new InvalidOperationException("a defect") : null;
        await _acme.RunUntilAsync(() => _acme.Published == 1 || _acme.Managed.State.Failures > 3);

        Assert.Equal(second.Directory, _acme.Managed.State.Directory);
    }

    [Theory]
    [InlineData("<html>maintenance</html>", HttpStatusCode.OK, "directory")]
    [InlineData("down", HttpStatusCode.ServiceUnavailable, "nonce")]
    public async Task Keep_StagingThatCannotAnswer_AsksTheRealCa(string answer, HttpStatusCode status, string at)
    {
        var staging = _acme.AddStaging();
        staging.Fault = path => path == at ? new HttpResponseMessage(status) { Content = new StringContent(answer) } : null;
        staging.SendsNonces = false;
        _acme.Managed.State = new CertificateState { Failures = 1 };
        await _acme.RunUntilAsync(() => _acme.Published == 1 || _acme.Managed.State.Failures > 3);

        Assert.Equal(1, _acme.Published);
    }

    [Fact]
    public async Task Keep_RetryAfterInThePast_RestsBetweenPolls()
    {
        var (polls, first, last) = (0, DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        var isFinal = false;
        _acme.Authority.Fault = path =>
        {
            isFinal |= path == "finalize";
            if (path != "order" || !isFinal || ++polls > 10)
            {
                return null;
            }

            (first, last) = (first < _acme.Clock.GetUtcNow() ? first : _acme.Clock.GetUtcNow(), _acme.Clock.GetUtcNow());
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"status":"processing","authorizations":[],"finalize":"https://ca.example/finalize/1"}""") };
            response.Headers.RetryAfter = new(TestCertificates.Start.AddMinutes(-1));
            return response;
        };
        await _acme.RunUntilAsync(() => _acme.Published == 1);

        Assert.Equal(TimeSpan.FromSeconds(4.5), last - first);
    }

    [Fact]
    public async Task Keep_CertificateThatWasNotSaved_IsSavedLater()
    {
        var storage = new FlakyStorage(_acme.Storage) { Fails = true };
        _acme.Storage = storage;
        await _acme.RunUntilAsync(() => _acme.Managed.State.LastError is not null);
        Assert.Equal(1, _acme.Published);
        storage.Fails = false;
        await _acme.RunUntilAsync(() => _acme.Managed.State.LastError is null);

        await _acme.RestartAsync();
        Assert.NotNull(_acme.Managed.Issued);
        Assert.Single(_acme.Authority.Orders);
        Assert.Single(_acme.Messages(LogLevel.Error));
    }

    [Theory]
    [InlineData("203.0.113.7", "tlsserver", "shortlived")]
    [InlineData("203.0.113.7", null, "shortlived")]
    [InlineData("llm.example", "tlsserver", "tlsserver")]
    [InlineData("llm.example", null, null)]
    public async Task Keep_Profile_OfAnAddressIsShortLived(string name, string? configured, string? ordered)
    {
        using var acme = new AcmeFixture(AcmeIdentifier.TryParse(name)!);
        acme.Options.Profile = configured;
        await acme.RunUntilAsync(() => acme.Authority.Orders.Count > 0);

        using var order = JsonDocument.Parse(acme.Authority.Orders[0].Payload);
        Assert.Equal(ordered, order.RootElement.TryGetProperty("profile", out var profile) ? profile.GetString() : null);
    }

    public void Dispose() => _acme.Dispose();

    private CertificateState? StoredState()
    {
        var path = _acme.Data.Directory.PathOf("acme", "certificates", "llm.example.json");
        return JsonSerializer.Deserialize(File.ReadAllBytes(path), StorageJsonContext.Default.CertificateState);
    }

    private sealed class FlakyStorage(IAcmeStorage inner) : IAcmeStorage
    {
        public bool Fails { get; set; }

        public Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken) => inner.ReadAsync(name, cancellationToken);

        public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            Fails && name.EndsWith("llm.example.pem", StringComparison.Ordinal) ? throw new IOException("No space left.") : inner.WriteAsync(name, content, cancellationToken);

        public Task RemoveAsync(string name, CancellationToken cancellationToken) => inner.RemoveAsync(name, cancellationToken);

        public Task<IDisposable> LockAsync(string name, CancellationToken cancellationToken) => inner.LockAsync(name, cancellationToken);
    }
}
