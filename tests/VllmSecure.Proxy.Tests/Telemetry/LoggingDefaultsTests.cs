using Microsoft.Extensions.Configuration;
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
    public void AddTo_ConfiguredElsewhere_GivesWay()
    {
        var configuration = new ConfigurationBuilder();
        configuration.AddInMemoryCollection([new("Logging:LogLevel:Yarp.ReverseProxy", "Debug")]);
        LoggingDefaults.AddTo(configuration);

        Assert.Equal("Debug", configuration.Build()["Logging:LogLevel:Yarp.ReverseProxy"]);
    }
}
