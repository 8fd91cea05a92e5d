using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost.Tests.Vllm;

public sealed class VllmArgumentsTests
{
    [Fact]
    public void ForEngine_Defaults_NamesModelAddressAndShutdown()
    {
        var arguments = VllmArguments.ForEngine(new VllmSettings { Model = "m" }, "127.0.0.1", "8000", otlpEndpoint: null);

        Assert.Equal(
            ["--model", "m", "--host", "127.0.0.1", "--port", "8000", "--shutdown-timeout", "40", "--disable-fastapi-docs", "--disable-access-log-for-endpoints", "/health,/metrics,/ping"],
            arguments);
    }

    [Fact]
    public void ForEngine_EverythingSet_PassesItOn()
    {
        var settings = new VllmSettings { Model = "m", ServedModelName = "chat", MaxModelLength = 32768, TensorParallelism = 4 };
        settings.EngineArguments.Add("--enable-prefix-caching");

        var arguments = VllmArguments.ForEngine(settings, "0.0.0.0", "8000", "http://dashboard:18889").Cast<string>().ToArray();

        Assert.Equal("chat", After(arguments, "--served-model-name"));
        Assert.Equal("32768", After(arguments, "--max-model-len"));
        Assert.Equal("4", After(arguments, "--tensor-parallel-size"));
        Assert.Equal("http://dashboard:18889", After(arguments, "--otlp-traces-endpoint"));
        Assert.Equal("--enable-prefix-caching", arguments[^1]);
    }

    /// <summary>The key would show in the process list.</summary>
    [Fact]
    public void ForEngine_WithApiKey_KeepsItOutOfTheArguments()
    {
        var settings = new VllmSettings { Model = "m", ApiKey = new ParameterResource("key", _ => "secret", secret: true) };

        Assert.DoesNotContain(VllmArguments.ForEngine(settings, "0.0.0.0", "8000", null), argument => argument is not string);
    }

    [Fact]
    public void ForSimulator_ServedModelName_IsPassedOn() =>
        Assert.Equal(["--model", "m", "--served-model-name", "chat"], VllmArguments.ForSimulator(new VllmSettings { Model = "m", ServedModelName = "chat" }));

    private static string After(string[] arguments, string name) => arguments[Array.IndexOf(arguments, name) + 1];
}
