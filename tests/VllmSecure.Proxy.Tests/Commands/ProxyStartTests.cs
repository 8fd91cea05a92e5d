using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.Tests.Commands;

public class ProxyStartTests
{
    [Fact]
    public async Task Run_HostThatCannotBeBuilt_IsAFailureInWords() =>
        Assert.Equal(1, await ProxyCommandLine.RunAsync([], _ => throw new StartFailedException("no host"), _ => Task.FromResult(0)));

    [Fact]
    public async Task Run_OtherFailureOfTheBuild_IsThrown() =>
        await Assert.ThrowsAsync<NotSupportedException>(() => ProxyCommandLine.RunAsync([], _ => throw new NotSupportedException(), _ => Task.FromResult(0)));

    [Fact]
    public void Describe_BrokenSettingsFile_NamesItAndTheLine()
    {
        var directory = Directory.CreateTempSubdirectory("vllm-secure-test-");
        var path = Path.Combine(directory.FullName, "appsettings.json");
        File.WriteAllText(path, "{\n\"A\": ");

        var exception = Assert.ThrowsAny<Exception>(() => new ConfigurationBuilder().AddJsonFile(path).Build());
        directory.Delete(recursive: true);

        var words = ProxyStart.Describe(exception);
        Assert.Contains(path, words, StringComparison.Ordinal);
        Assert.Contains("LineNumber: 1", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryStart_ToldToStopMeanwhile_IsNoFailure()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddHostedService<StoppedWhileStarting>();
        using var host = builder.Build();

        Assert.Null(await new ProxyStart().TryStartAsync(host));
        await host.WaitForShutdownAsync(TestContext.Current.CancellationToken);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1812", Justification = "The host makes it.")]
    private sealed class StoppedWhileStarting(IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidOperationException("The host's token follows the lifetime's.");
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
