using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using VllmSecure.Proxy.Tls.Acme.Storage;

namespace VllmSecure.Proxy.Tests.Tls.Acme;

public sealed class CertificateKeeperTests : IDisposable
{
    private readonly AcmeFixture _acme = new();

    [Fact]
    public async Task Keep_WithoutCertificate_OrdersOneAtOnce()
    {
        await _acme.RunUntilAsync(() => _acme.Managed.Issued is not null && _acme.Published == 1);

        Assert.Equal(TestCertificates.Start, _acme.Authority.Orders[0].At);
        Assert.Equal("llm.example", Assert.Single(_acme.Managed.Issued!.Names));
        Assert.Equal("http-01", _acme.Managed.State.Challenge);
    }

    /// <summary>A published <c>.env</c> has <c>ACME_EMAIL=</c>, and a CA refuses the contact <c>mailto:</c>.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Keep_EmptyEmail_RegistersWithoutContact(string email)
    {
        _acme.Options.Email = email;
        await _acme.RunUntilAsync(() => _acme.Managed.Issued is not null);

        Assert.DoesNotContain("mailto:", Assert.Single(_acme.Authority.Accounts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_Email_IsTheContact()
    {
        _acme.Options.Email = "ops@example.com";
        await _acme.RunUntilAsync(() => _acme.Managed.Issued is not null);

        Assert.Contains("\"mailto:ops@example.com\"", Assert.Single(_acme.Authority.Accounts), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(64)]
    [InlineData(6)]
    public async Task Keep_ByLifetime_RenewsAroundTwoThirds(int days)
    {
        _acme.Authority.Lifetime = TimeSpan.FromDays(days);
        await _acme.RunUntilAsync(() => _acme.Published == 4);

        foreach (var (first, second) in _acme.Authority.Issued.Zip(_acme.Authority.Issued.Skip(1)))
        {
            Assert.InRange((second - first) / TimeSpan.FromDays(days), (2.0 / 3) - 0.051, (2.0 / 3) + 0.01);
        }
    }

    [Fact]
    public async Task Keep_ByAri_RenewsInTheWindowAndNamesWhatItReplaces()
    {
        _acme.Authority.Window = () => (TestCertificates.Start.AddDays(10), TestCertificates.Start.AddDays(11));
        await _acme.RunUntilAsync(() => _acme.Published == 2);

        Assert.InRange(_acme.Authority.Issued[1], TestCertificates.Start.AddDays(10), TestCertificates.Start.AddDays(11).AddMinutes(10));
        Assert.DoesNotContain("replaces", _acme.Authority.Orders[0].Payload, StringComparison.Ordinal);
        Assert.Contains("replaces", _acme.Authority.Orders[1].Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_Ari_IsOnDiskForTheNextStartAndTheCommandLine()
    {
        _acme.Authority.Window = () => (TestCertificates.Start.AddDays(10), TestCertificates.Start.AddDays(11));
        await _acme.RunUntilAsync(() => _acme.Managed.State.Window is not null);
        var known = _acme.Managed.State;
        await _acme.RestartAsync();

        Assert.Equal(known.Window, _acme.Managed.State.Window);
        Assert.Equal(known.NextRenewalInfo, _acme.Managed.State.NextRenewalInfo);
    }

    [Fact]
    public async Task Keep_AriMovesTheWindowForward_RenewsAtOnce()
    {
        var revoked = TestCertificates.Start.AddDays(5);
        _acme.Authority.Window = () => _acme.Clock.GetUtcNow() < revoked
            ? (TestCertificates.Start.AddDays(60), TestCertificates.Start.AddDays(62))
            : (TestCertificates.Start, TestCertificates.Start.AddDays(1));
        await _acme.RunUntilAsync(() => _acme.Published == 2);

        Assert.InRange(_acme.Authority.Issued[1], revoked, revoked.AddHours(7));
    }

    [Fact]
    public async Task Keep_AlreadyReplaced_OrdersWithoutIt()
    {
        _acme.Authority.Window = () => (TestCertificates.Start.AddDays(10), TestCertificates.Start.AddDays(11));
        var refused = false;
        _acme.Authority.Fault = path =>
        {
            if (path == "new" && _acme.Published == 1 && !refused)
            {
                refused = true;
                return FakeAuthority.Problem(HttpStatusCode.Conflict, "alreadyReplaced");
            }

            return null;
        };
        await _acme.RunUntilAsync(() => _acme.Published == 2);

        Assert.True(refused);
        Assert.Equal(0, _acme.Managed.State.Failures);
    }

    [Fact]
    public async Task Keep_OutageOfDays_RetriesOnScheduleAndGetsThere()
    {
        var up = TestCertificates.Start.AddDays(3);
        _acme.Authority.Fault = _ => _acme.Clock.GetUtcNow() < up ? throw new HttpRequestException("down") : null;
        await _acme.RunUntilAsync(() => _acme.Published == 1);

        // 25 tries in the first day or so, then one in six hours.
        Assert.InRange(_acme.Authority.Requests.TakeWhile(path => path == "directory").Count(), 25, 40);
        Assert.InRange(_acme.Authority.Issued[0], up, up.AddHours(6.1));
        Assert.Equal(0, _acme.Managed.State.Failures);
    }

    [Fact]
    public async Task Keep_OutageLongerThanTheCertificate_ServesItStillAndSaysSo()
    {
        _acme.Authority.Lifetime = TimeSpan.FromDays(6);
        await _acme.RunUntilAsync(() => _acme.Published == 1);
        var served = _acme.Managed.Served;
        _acme.Authority.Fault = _ => throw new HttpRequestException("down");
        await _acme.RunUntilAsync(() => _acme.Clock.GetUtcNow() > TestCertificates.Start.AddDays(7));

        Assert.Same(served, _acme.Managed.Served);
        Assert.NotEmpty(_acme.Messages(LogLevel.Warning));
        Assert.Contains(_acme.Messages(LogLevel.Critical), message => message.Contains("ENDED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keep_RateLimited_LeavesTheCaAloneAsLongAsItAsked()
    {
        var wait = TimeSpan.FromHours(30);
        var limited = false;
        _acme.Authority.Fault = path =>
        {
            if (path != "new" || limited)
            {
                return null;
            }

            limited = true;
            return FakeAuthority.Problem(HttpStatusCode.TooManyRequests, "rateLimited", wait);
        };
        await _acme.RunUntilAsync(() => _acme.Published == 1);

        Assert.InRange(_acme.Authority.Orders[0].At, TestCertificates.Start + wait, TestCertificates.Start + wait + TimeSpan.FromHours(6));
        Assert.Equal(2, _acme.Authority.Requests.TakeWhile(path => path != "certificate").Count(path => path == "directory"));
    }

    [Fact]
    public async Task Keep_ClockSetBackAfterAFailure_TriesAgainAtOnce()
    {
        var future = TestCertificates.Start.AddDays(1000);
        _acme.Managed.State = new CertificateState
        {
            Failures = 3,
            LastAttempt = future,
            NextAttempt = future.AddMinutes(2),
            BlockedUntil = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal) { [_acme.Authority.Directory.AbsoluteUri] = future.AddHours(30) },
        };
        await _acme.RunUntilAsync(() => _acme.Published == 1);

        Assert.InRange(_acme.Authority.Issued[0], TestCertificates.Start, TestCertificates.Start.AddHours(1));
    }

    [Fact]
    public async Task Keep_ClockSetBackAfterALookAtAri_LooksAgain()
    {
        await _acme.RunUntilAsync(() => _acme.Published == 1);
        _acme.Managed.State = _acme.Managed.State with { NextRenewalInfo = TestCertificates.Start.AddDays(1000) };
        _acme.Authority.Window = () => (TestCertificates.Start, TestCertificates.Start.AddDays(1));
        await _acme.RunUntilAsync(() => _acme.Published == 2);

        Assert.InRange(_acme.Authority.Issued[1], TestCertificates.Start, TestCertificates.Start.AddDays(2));
    }

    [Fact]
    public async Task Keep_FirstCaDown_TakesTheSecond()
    {
        var second = _acme.Add("other.example");
        _acme.Authority.Fault = _ => FakeAuthority.Problem(HttpStatusCode.ServiceUnavailable, "serverInternal");
        await _acme.RunUntilAsync(() => _acme.Published == 1);

        Assert.Equal(second.Directory, _acme.Managed.State.Directory);
    }

    [Fact]
    public async Task Keep_AfterAFailure_RehearsesBeforeTheRealCaIsAskedAgain()
    {
        var staging = _acme.AddStaging();
        var mended = TestCertificates.Start.AddHours(5);
        _acme.Authority.Believes = _ => _acme.Clock.GetUtcNow() >= mended;
        staging.Believes = _ => _acme.Clock.GetUtcNow() >= mended;
        await _acme.RunUntilAsync(() => _acme.Published == 1);

        // Both challenges once before the first rehearsal, and then only when staging has issued.
        Assert.Equal(3, _acme.Authority.Orders.Count);
        Assert.True(staging.Orders.Count > 20);
        Assert.True(_acme.Authority.Orders[2].At >= mended);
    }

    [Fact]
    public async Task Keep_StagingDown_AsksTheRealCa()
    {
        var staging = _acme.AddStaging();
        staging.Fault = _ => throw new HttpRequestException("down");
        var failed = false;
        _acme.Authority.Fault = path =>
        {
            if (path != "new" || failed)
            {
                return null;
            }

            failed = true;
            return FakeAuthority.Problem(HttpStatusCode.InternalServerError, "serverInternal");
        };
        await _acme.RunUntilAsync(() => _acme.Published == 1);

        Assert.InRange(_acme.Authority.Issued[0], TestCertificates.Start, TestCertificates.Start.AddMinutes(3));
    }

    [Fact]
    public async Task Keep_ChallengeThatFails_TakesTheOtherAndRemembersIt()
    {
        _acme.Authority.Believes = type => type == "tls-alpn-01";
        await _acme.RunUntilAsync(() => _acme.Published == 2);

        Assert.Equal(["http-01", "tls-alpn-01", "tls-alpn-01"], _acme.Authority.Responses);
    }

    [Fact]
    public async Task Keep_NoChallengeWorks_SaysWhatTheCaSaid()
    {
        _acme.Authority.Believes = _ => false;
        await _acme.RunUntilAsync(() => _acme.Managed.State.Failures > 0 && _acme.Managed.State.LastError is not null);

        Assert.Contains("http-01 failed: connection: refused", _acme.Managed.State.LastError, StringComparison.Ordinal);
        Assert.Contains("tls-alpn-01 failed", _acme.Managed.State.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_OrderStillProcessing_WaitsForIt()
    {
        _acme.Authority.Processing = 3;
        await _acme.RunUntilAsync(() => _acme.Published == 1);

        Assert.Single(_acme.Authority.Issued);
    }

    [Fact]
    public async Task Keep_ExternalAccountMissing_NamesTheSettings()
    {
        _acme.Authority.RequiresExternalAccount = true;
        await _acme.RunUntilAsync(() => _acme.Managed.State.LastError is not null);

        Assert.Contains("Tls:Acme:ExternalAccount:KeyId", _acme.Managed.State.LastError, StringComparison.Ordinal);
        Assert.Empty(_acme.Authority.Orders);
    }

    [Theory]
    [InlineData("other key", "not for our key")]
    [InlineData("garbage", "not for our key")]
    [InlineData("unlinked", "did not sign")]
    public async Task Keep_WrongChain_RefusesItAndServesTheLastGoodOne(string wrong, string reason)
    {
        await _acme.RunUntilAsync(() => _acme.Published == 1);
        var served = _acme.Managed.Served;
        var stranger = new FakeAuthority(_acme.Clock, "stranger.example");
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = _acme.Clock.GetUtcNow();
        _acme.Authority.Chain = chain => wrong switch
        {
            "other key" => _acme.Authority.Sign(new PublicKey(foreign), ["llm.example"], now, now.AddDays(90)),
            "unlinked" => chain + stranger.Sign(new PublicKey(foreign), ["stranger.example"], now, now.AddDays(90)),
            _ => "garbage",
        };
        await _acme.RunUntilAsync(() => _acme.Managed.State.LastError is not null);

        Assert.Same(served, _acme.Managed.Served);
        Assert.Contains(reason, _acme.Managed.State.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_ReadOnlyStore_OrdersNothingAndServesTheLastGoodOne()
    {
        await _acme.RunUntilAsync(() => _acme.Published == 1);
        var (served, orders) = (_acme.Managed.Served, _acme.Authority.Orders.Count);
        _acme.Storage = new ReadOnlyStorage(_acme.Storage);
        await _acme.RunUntilAsync(() => _acme.Managed.State.Failures > 5);

        Assert.Equal(orders, _acme.Authority.Orders.Count);
        Assert.Same(served, _acme.Managed.Served);
        Assert.Contains(_acme.Messages(LogLevel.Warning), message => message.Contains("Make DataDirectory writable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keep_RestartAfterAFailure_KeepsTheSchedule()
    {
        _acme.Authority.Fault = _ => throw new HttpRequestException("down");
        await _acme.RunUntilAsync(() => _acme.Managed.State is { Failures: 6, LastError: not null });
        var planned = _acme.Managed.State.NextAttempt;
        _acme.Authority.Fault = _ => null;
        await _acme.RestartAsync();
        Assert.Equal(planned, _acme.Managed.State.NextAttempt);
        await _acme.RunUntilAsync(() => _acme.Published == 1);

        Assert.True(_acme.Authority.Issued[0] >= planned);
    }

    [Fact]
    public async Task Keep_CrashInTheMiddleOfAnOrder_CountsAsAFailureAndGoesOn()
    {
        await _acme.RunUntilAsync(() => _acme.Authority.Requests.Contains("finalize"));
        await _acme.RestartAsync();
        Assert.Null(_acme.Managed.Issued);
        Assert.Equal(1, _acme.Managed.State.Failures);
        await _acme.RunUntilAsync(() => _acme.Published == 1);

        Assert.Null(_acme.Managed.State.LastError);
    }

    [Fact]
    public async Task Keep_Requested_RenewsBeforeItIsDue()
    {
        await _acme.RunUntilAsync(() => _acme.Published == 1);
        _acme.Managed.Request();
        await _acme.RunUntilAsync(() => _acme.Published == 2);

        Assert.InRange(_acme.Authority.Issued[1], TestCertificates.Start, TestCertificates.Start.AddHours(1));
    }

    public void Dispose() => _acme.Dispose();

    private sealed class ReadOnlyStorage(IAcmeStorage inner) : IAcmeStorage
    {
        public Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken) => inner.ReadAsync(name, cancellationToken);

        public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new IOException("Read-only file system.");

        public Task RemoveAsync(string name, CancellationToken cancellationToken) => throw new IOException("Read-only file system.");

        public Task<IDisposable> LockAsync(string name, CancellationToken cancellationToken) => inner.LockAsync(name, cancellationToken);
    }
}
