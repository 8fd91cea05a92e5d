using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using VllmSecure.EndToEndTests.Acme;

namespace VllmSecure.EndToEndTests.Attacks;

/// <summary>The real proxy in a process of its own, as it is in production: what an attack costs it shows in <c>/proc</c>, apart from the attacker.</summary>
internal sealed partial class AttackedProxy : IAsyncDisposable
{
    public const string Key = "test-key-0123456789-0123456789-0123456789";
    public const string Model = "test-model";
    public static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan StartGuard = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _data;
    private readonly Process _process;
    private readonly List<string> _log = [];
    private readonly List<(string Text, TaskCompletionSource Logged)> _awaited = [];
    private readonly List<Uri> _listening = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly X509Certificate2Collection _authorities = [];

    private AttackedProxy(DirectoryInfo data, IEnumerable<string> arguments)
    {
        _data = data;
        _process = Programs.Start(
            Programs.FindInstalled("dotnet"), [Path.Combine(AppContext.BaseDirectory, "VllmSecure.Proxy.dll"), .. arguments], OnLine,
            [new("ASPNETCORE_ENVIRONMENT", "Production")]);
    }

    public Uri Https => _listening[0];

    /// <summary>Health, metrics and status.</summary>
    public Uri Management => _listening[^1];

    public int ProcessId => _process.Id;

    public ProcessFigures Figures => ProcessFigures.Of(_process.Id);

    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    /// <summary>Starts it before an upstream that serves <see cref="Model"/>; returns when it listens.</summary>
    public static async Task<AttackedProxy> StartAsync(Uri upstream, params IEnumerable<(string Key, string Value)> settings)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is missing: memory and handles of the proxy are read there, on Linux.");
        var data = Directory.CreateTempSubdirectory("vllm-secure-attacks-");
        var configuration = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["DataDirectory"] = data.FullName,
            ["urls"] = "https://127.0.0.1:0",
            ["Management:Port"] = "0",
            ["Tls:Source"] = "Development",
            ["ApiKeys:test:Key"] = Key,
            ["Upstreams:vllm:Address"] = upstream.ToString(),
            ["Upstreams:vllm:Models:0"] = Model, // So that the proxy asks nothing by itself, and an upstream's record holds what clients sent.
            ["Advisories:CheckUpstreams"] = "false",
            ["Routing:Health:IntervalSeconds"] = "0",
            ["AccessLog:StandardOutput"] = "false",
        };
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        var proxy = new AttackedProxy(data, configuration.Select(pair => $"--{pair.Key}={pair.Value}"));
        try
        {
            await proxy._started.Task.WaitAsync(StartGuard);
            if (configuration["Tls:Source"] == "Development")
            {
                proxy.Trust(Path.Combine(configuration["DataDirectory"], "development", "ca.pem"));
            }

            return proxy;
        }
        catch (TimeoutException exception)
        {
            await proxy.DisposeAsync();
            throw new InvalidOperationException("The proxy does not start: " + proxy.Log, exception);
        }
    }

    /// <summary>Whether the test itself makes the proxy log failures.</summary>
    public bool MayFail { get; set; }

    /// <summary>Completes when a line with this text is logged.</summary>
    public Task UntilLoggedAsync(string text)
    {
        lock (_log)
        {
            var logged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, logged));
            if (_log.Exists(line => line.Contains(text, StringComparison.Ordinal)))
            {
                logged.SetResult();
            }

            return logged.Task.WaitAsync(Guard);
        }
    }

    /// <summary>Lets the test's clients trust a PEM file's certificates.</summary>
    public void Trust(string authorityFile) => _authorities.ImportFromPemFile(authorityFile);

    /// <summary>A client of its own connections, with the key and with trust in the local authority only.</summary>
    public HttpClient CreateClient(Version? version = null)
    {
        // A proxy that closes an idle connection must not look like one that fails.
        var handler = new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.FromSeconds(60), SslOptions = { CertificateChainPolicy = TrustPolicy() } };
#pragma warning disable CA5399 // The chain policy trusts one CA whose certificates carry no revocation list.
        var client = new HttpClient(handler)
#pragma warning restore CA5399
        {
            BaseAddress = new UriBuilder(Https) { Host = "localhost" }.Uri,
            DefaultRequestVersion = version ?? HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(60),
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return client;
    }

    /// <summary>A connection below TLS.</summary>
    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Https.Port).WaitAsync(Guard);
        return socket;
    }

    /// <summary>A TLS connection on which any bytes may be sent.</summary>
    public async Task<SslStream> OpenAsync(SslApplicationProtocol protocol)
    {
        var stream = new SslStream(new NetworkStream(await ConnectAsync(), ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = TrustPolicy(),
            ApplicationProtocols = [protocol],
        }).WaitAsync(Guard);
        return stream;
    }

    public X509ChainPolicy TrustPolicy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }

    /// <summary>Ends it; a proxy that an attack has ended already fails the test, as does one that still holds a connection of an attacker.</summary>
    public async ValueTask DisposeAsync()
    {
        var fell = _process.HasExited;
        var held = fell || !_started.Task.IsCompletedSuccessfully ? 0 : await HeldConnectionsAsync();
        if (!fell)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _data.Delete(recursive: true);
        TestContext.Current.TestOutputHelper?.WriteLine(Log);
        Assert.False(fell, "The proxy has ended: " + Log);
        Assert.Equal(0, held);

        // Nothing that a client sends is an error of the proxy. Kestrel calls it critical when it ends a connection whose answers nobody reads.
        var failures = string.Join('\n', Log.Split('\n').Where(line => !MayFail && Failure().IsMatch(line)));
        Assert.True(failures.Length == 0, failures);
    }

    /// <summary>Connections to the HTTPS port that have not ended though their clients have gone: each would hold a place of <c>Limits:MaxConnections</c> for good.</summary>
    private async Task<int> HeldConnectionsAsync()
    {
        using var management = new HttpClient { BaseAddress = Management };
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var metrics = await management.GetStringAsync("/metrics");
            var held = OpenConnections().Matches(metrics).Where(match => match.Value.Contains($"server_port=\"{Https.Port}\"", StringComparison.Ordinal))
                .Sum(match => int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture));
            if (held == 0 || TimeProvider.System.GetElapsedTime(start) > Guard)
            {
                return held;
            }

            await timer.WaitForNextTickAsync();
        }
    }

    private void OnLine(string line)
    {
        lock (_log)
        {
            _log.Add(line);
            _awaited.FindAll(awaited => line.Contains(awaited.Text, StringComparison.Ordinal)).ForEach(awaited => awaited.Logged.TrySetResult());
        }

        if (Listening().Match(line) is { Success: true } listening)
        {
            _listening.Add(new Uri(listening.Groups["address"].Value));
        }
        else if (line.Contains("Application started", StringComparison.Ordinal))
        {
            _started.TrySetResult();
        }
    }

    [GeneratedRegex("^[^ ]+ (fail|crit): (?!Microsoft\\.AspNetCore\\.Server\\.Kestrel\\.Http2)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Failure();

    [GeneratedRegex(@"^kestrel_active_connections\{[^}]*\} (?<count>[0-9]+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex OpenConnections();

    [GeneratedRegex(@"Now listening on: (?<address>https?://\S+)", RegexOptions.None, 1000)]
    private static partial Regex Listening();
}
