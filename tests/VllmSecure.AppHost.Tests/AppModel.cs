using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace VllmSecure.AppHost.Tests;

/// <summary>The application model of the AppHost under some configuration, built but not started.</summary>
internal sealed class AppModel : IAsyncDisposable
{
    private readonly DistributedApplication _application;

    private AppModel(DistributedApplication application)
    {
        _application = application;
        Resources = application.Services.GetRequiredService<DistributedApplicationModel>().Resources;
    }

    public IResourceCollection Resources { get; }

    /// <summary>The model of <c>dotnet run -- ARGUMENTS</c>.</summary>
    public static Task<AppModel> RunAsync(params string[] arguments) =>
        CreateAsync([.. arguments, "--Parameters:api-key=api-key-of-the-tests", "--Parameters:vllm-api-key=vllm-key-of-the-tests"]);

    /// <summary>The model of <c>aspire publish -- ARGUMENTS</c>.</summary>
    public static Task<AppModel> PublishAsync(params string[] arguments) =>
        CreateAsync(["--operation", "publish", "--step", "publish", .. arguments]);

    public IResource this[string name] => Resources.Single(resource => resource.Name == name);

    /// <summary>The arguments of a resource; what is known later stands as its manifest expression.</summary>
    public async Task<string[]> ArgumentsOfAsync(string name)
    {
        var resource = this[name];
        var context = new CommandLineArgsCallbackContext([], resource) { ExecutionContext = ExecutionContext };
        foreach (var callback in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        return [.. context.Args.Select(Text)];
    }

    /// <summary>The environment of a resource, likewise.</summary>
    public async Task<IReadOnlyDictionary<string, string>> EnvironmentOfAsync(string name)
    {
        var resource = this[name];
        var context = new EnvironmentCallbackContext(ExecutionContext, resource, []);
        foreach (var callback in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        return context.EnvironmentVariables.ToDictionary(pair => pair.Key, pair => Text(pair.Value));
    }

    /// <summary>What the container runtime is told beside its standard arguments.</summary>
    public async Task<string[]> RuntimeArgumentsOfAsync(string name)
    {
        var context = new ContainerRuntimeArgsCallbackContext([]);
        foreach (var callback in this[name].Annotations.OfType<ContainerRuntimeArgsCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        return [.. context.Args.Select(Text)];
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private DistributedApplicationExecutionContext ExecutionContext =>
        _application.Services.GetRequiredService<DistributedApplicationExecutionContext>();

    private static async Task<AppModel> CreateAsync(string[] arguments)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.VllmSecure_AppHost>(arguments);
        return new AppModel(await builder.BuildAsync());
    }

    private static string Text(object value) => value switch
    {
        string text => text,
        HostUrl url => url.Url,
        IManifestExpressionProvider expression => expression.ValueExpression,
        _ => value.ToString() ?? string.Empty,
    };
}
