using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace VllmSecure.EndToEndTests.Dashboard;

/// <summary>The real Aspire dashboard, standalone (<c>aspire dashboard run</c>), on free ports of loopback.</summary>
internal sealed class AspireDashboard : IAsyncDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly HttpClient _api;

    private AspireDashboard(Process process, Uri frontend, Uri otlp)
    {
        _process = process;
        _api = new HttpClient { BaseAddress = frontend, Timeout = Guard };
        Frontend = frontend;
        Otlp = otlp;
    }

    /// <summary>The pages, and the API below <c>/api/telemetry</c>.</summary>
    public Uri Frontend { get; }

    /// <summary>OTLP over gRPC.</summary>
    public Uri Otlp { get; }

    /// <summary>Starts it, and returns when it says where it listens. The first start on a machine unpacks it.</summary>
    public static async Task<AspireDashboard> StartAsync()
    {
        var (frontend, otlp, otlpHttp) = (FreeAddress(), FreeAddress(), FreeAddress());
        var start = new ProcessStartInfo(
            AspireCli.Find(),
            [
                "dashboard", "run", "--non-interactive", "--nologo", "--allow-anonymous",
                "--frontend-url", frontend.ToString(), "--otlp-grpc-url", otlp.ToString(), "--otlp-http-url", otlpHttp.ToString(),
            ])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true", ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0" },
        };
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("The dashboard stopped: " + string.Join('\n', said)));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var dashboard = new AspireDashboard(process, frontend, otlp);
        try
        {
            await listening.Task.WaitAsync(Guard);
            return dashboard;
        }
        catch
        {
            await dashboard.DisposeAsync();
            throw;
        }

        void Read(string? line)
        {
            lock (said)
            {
                said.Add(line ?? "");
            }

            // It prints its addresses when it listens, the log's last.
            if (line?.Contains("Logs", StringComparison.Ordinal) == true)
            {
                listening.TrySetResult();
            }
        }
    }

    /// <summary>The id of the trace that has a span with this attribute, past or future.</summary>
    public async Task<string> FindTraceAsync(string attribute, string value)
    {
        using var patience = new CancellationTokenSource(Guard);
        await using var spans = await _api.GetStreamAsync("/api/telemetry/spans?follow=true", patience.Token);
        using var lines = new StreamReader(spans);
        var line = await _api.GetStringAsync("/api/telemetry/spans", patience.Token);
        while (line is not null)
        {
            using var json = JsonDocument.Parse(line);
            if (DashboardSpan.ReadAll(json.RootElement).FirstOrDefault(span => span.Attribute(attribute) == value) is { } found)
            {
                return found.TraceId;
            }

            line = await lines.ReadLineAsync(patience.Token);
        }

        throw new EndOfStreamException("The dashboard ended the stream of spans.");
    }

    public async Task<IReadOnlyList<DashboardSpan>> GetTraceAsync(string traceId)
    {
        using var json = JsonDocument.Parse(await _api.GetStringAsync($"/api/telemetry/traces/{traceId}"));
        return DashboardSpan.ReadAll(json.RootElement);
    }

    /// <summary>Everything that its API gives out, as text.</summary>
    public async Task<string> GetEverythingAsync() =>
        await _api.GetStringAsync("/api/telemetry/traces") + await _api.GetStringAsync("/api/telemetry/spans") + await _api.GetStringAsync("/api/telemetry/logs");

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static Uri FreeAddress() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Take(1)[0]}"));
}
