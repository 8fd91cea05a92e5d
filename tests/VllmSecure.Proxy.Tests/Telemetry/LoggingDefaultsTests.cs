using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Tests.Telemetry;

public sealed class LoggingDefaultsTests
{
    [Fact]
    public void AddTo_NothingConfigured_QuietensTheFramework()
    {
        var configuration = new ConfigurationBuilder();
        LoggingDefaults.AddTo(configuration);

        var settings = configuration.Build();

        Assert.Equal("Warning", settings["Logging:LogLevel:Yarp.ReverseProxy"]);
        Assert.Equal("true", settings["Logging:Console:FormatterOptions:SingleLine"]);
        Assert.Equal("false", settings["Logging:Console:FormatterOptions:IncludeScopes"]);
    }

    [Fact]
    public void AddTo_NothingConfigured_NobodyWaitsForTheConsole()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        LoggingDefaults.AddTo(builder.Configuration);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole();
        using var host = builder.Build();

        var options = host.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value;

        Assert.Equal(ConsoleLoggerQueueFullMode.DropWrite, options.QueueFullMode);
    }

    [Fact]
    public void AddTo_ConfiguredElsewhere_GivesWay()
    {
        var configuration = new ConfigurationBuilder();
        configuration.AddInMemoryCollection([new("Logging:LogLevel:Yarp.ReverseProxy", "Debug")]);
        LoggingDefaults.AddTo(configuration);

        Assert.Equal("Debug", configuration.Build()["Logging:LogLevel:Yarp.ReverseProxy"]);
    }
}
