using System.CommandLine;

namespace VllmSecure.Proxy.Commands;

/// <summary>Dispatches the command line: a known command, or <c>serve</c>.</summary>
internal static class ProxyCommandLine
{
    private const string Serve = "serve";

    /// <summary>Runs a command with the services of the unstarted host, or serves. Returns the exit code.</summary>
    /// <param name="arguments">The program's arguments.</param>
    /// <param name="build">Builds the host from configuration arguments.</param>
    /// <param name="serve">Serves until the process is told to stop.</param>
    public static async Task<int> RunAsync(
        string[] arguments, Func<string[], WebApplication> build, Func<WebApplication, Task<int>> serve)
    {
        try
        {
            return await DispatchAsync(arguments, build, serve);
        }
        catch (Exception exception) when (ProxyStart.Describe(exception) is { } failures)
        {
            // What an operator can mend is said without a stack trace, also where the host could not even be built.
            await Console.Error.WriteLineAsync(failures);
            return 1;
        }
    }

    private static async Task<int> DispatchAsync(
        string[] arguments, Func<string[], WebApplication> build, Func<WebApplication, Task<int>> serve)
    {
        if (!CommandArguments.NamesCommand(arguments))
        {
            return await serve(build(arguments));
        }

        if (arguments is [Serve, .. var rest] && !rest.Any(argument => argument is "--help" or "-h" or "-?"))
        {
            return await serve(build(rest));
        }

        var (configuration, words) = CommandArguments.Split(arguments);
        await using var app = build([.. configuration, "--Logging:Console:LogToStandardErrorThreshold=Trace", "--Logging:LogLevel:Default=Warning"]);
        var root = new RootCommand("VllmSecure: the secure front door for vLLM. Without a command it serves.");
        root.Subcommands.Add(new Command(Serve, "Serve until stopped (the default). Takes configuration as --Key=value."));
        foreach (var command in app.Services.GetServices<IProxyCommand>())
        {
            root.Subcommands.Add(command.Create());
        }

        return await root.Parse(words).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }
}
