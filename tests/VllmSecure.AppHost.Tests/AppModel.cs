using Aspire.Hosting.Testing;

namespace VllmSecure.AppHost.Tests;

/// <summary>The application model of the AppHost under some configuration, complete but not built.</summary>
internal sealed class AppModel : IAsyncDisposable
{
    private readonly IDistributedApplicationTestingBuilder _builder;

    private AppModel(IDistributedApplicationTestingBuilder builder) => _builder = builder;

    public IResourceCollection Resources => _builder.Resources;

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

    public ValueTask DisposeAsync() => _builder.DisposeAsync();

    private DistributedApplicationExecutionContext ExecutionContext => _builder.ExecutionContext;

    private static async Task<AppModel> CreateAsync(string[] arguments) =>
        new(await DistributedApplicationTestingBuilder.CreateAsync<Projects.VllmSecure_AppHost>(arguments));

    private static string Text(object value) => value switch
    {
        string text => text,
        HostUrl url => url.Url,
        IManifestExpressionProvider expression => expression.ValueExpression,
        _ => value.ToString() ?? string.Empty,
    };
}
