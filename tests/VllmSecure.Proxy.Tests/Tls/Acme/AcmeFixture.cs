using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Challenges;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Storage;

namespace VllmSecure.Proxy.Tests.Tls.Acme;

/// <summary>The loop of one certificate before a <see cref="FakeAuthority"/>, in time that passes at once.</summary>
internal sealed class AcmeFixture : IDisposable
{
    public static readonly AcmeIdentifier Identifier = new(AcmeIdentifier.Dns, "llm.example");
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, FakeAuthority> _authorities = new(StringComparer.Ordinal);
    private readonly AcmeIdentifier _identifier;
    private int _published;

    public AcmeFixture()
        : this(Identifier)
    {
    }

    public AcmeFixture(AcmeIdentifier identifier)
    {
        _identifier = identifier;
        Authority = Add("ca.example");
        Storage = new FileAcmeStorage(Data.Directory);
        Managed = NewManaged();
    }

    public EagerClock Clock { get; } = new(TestCertificates.Start);

    public TemporaryData Data { get; } = new();

    public IHttpClientFactory Http => new Factory(_authorities);

    public AcmeOptions Options { get; } = new() { AcceptTermsOfService = true };

    public FakeAuthority Authority { get; }

    public IAcmeStorage Storage { get; set; }

    public ManagedCertificate Managed { get; private set; }

    public FakeLogger<CertificateKeeper> Log { get; } = new();

    /// <summary>How often a certificate was handed to the store.</summary>
    public int Published => _published;

    /// <summary>Another CA, for the end of the list of directories.</summary>
    public FakeAuthority Add(string host)
    {
        var authority = new FakeAuthority(Clock, host);
        _authorities.Add(host, authority);
        Options.Directories.Add(authority.Directory.AbsoluteUri);
        return authority;
    }

    /// <summary>A CA that rehearses for the first one.</summary>
    public FakeAuthority AddStaging()
    {
        var authority = new FakeAuthority(Clock, "staging.example");
        _authorities.Add("staging.example", authority);
        Options.StagingDirectory = authority.Directory.AbsoluteUri;
        return authority;
    }

    /// <summary>Runs the loop until something is the case.</summary>
    public async Task RunUntilAsync(Func<bool> isDone)
    {
        using var stop = new CancellationTokenSource(Guard);
        var records = new AcmeRecords(Storage);
        var http = Http;
        var watcher = new Watcher(Clock, () =>
        {
            if (isDone())
            {
                stop.Cancel();
            }
        });
        IChallengeSolver[] solvers = [new Http01Solver(Storage), new TlsAlpn01Solver(Clock)];
        using var keeper = new CertificateKeeper(
            new CertificateIssuer(
                Microsoft.Extensions.Options.Options.Create(Options),
                new HostingEnvironment { EnvironmentName = "Production" },
                http,
                solvers,
                records,
                watcher,
                new FakeLogger<CertificateIssuer>()),
            new RenewalInfoReader(http, Clock, new FakeLogger<RenewalInfoReader>()),
            records,
            watcher,
            Log);
        var done = false;
        try
        {
            await keeper.KeepAsync(Managed, () => _published++, stop.Token);
        }
        catch (OperationCanceledException)
        {
            done = isDone();
        }

        Assert.True(done, string.Join('\n', Log.Collector.GetSnapshot().Select(record => record.Message)));
    }

    /// <summary>A process that starts anew with what is stored.</summary>
    public async Task RestartAsync()
    {
        var records = new AcmeRecords(Storage);
        Managed = NewManaged();
        Managed.Issued = await records.CertificateAsync(_identifier, default);
        Managed.State = await records.StateAsync(_identifier, default);
    }

    public IEnumerable<string> Messages(LogLevel level) =>
        Log.Collector.GetSnapshot().Where(record => record.Level == level).Select(record => record.Message);

    public void Dispose() => Data.Dispose();

    private ManagedCertificate NewManaged() => new(_identifier, PlaceholderCertificate.Create(_identifier, Clock.GetUtcNow()));

    /// <summary>Looks each time the loop asks for the time: a loop that waits has asked.</summary>
    private sealed class Watcher(EagerClock clock, Action onLook) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow()
        {
            onLook();
            return clock.GetUtcNow();
        }

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(callback, state, dueTime, period);
    }

    private sealed class Factory(Dictionary<string, FakeAuthority> authorities) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(new Router(authorities));
    }

    private sealed class Router(Dictionary<string, FakeAuthority> authorities) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new HttpMessageInvoker(authorities[request.RequestUri!.Host], disposeHandler: false).SendAsync(request, cancellationToken);
    }
}
