namespace VllmSecure.Proxy.Commands;

/// <summary>
/// Tells configuration from a command's own words. Configuration keys start with a capital (<c>--DataDirectory=…</c>,
/// <c>--Upstreams:vllm:Address=…</c>, <c>--HTTPS_PORTS=…</c>); options of commands are in kebab-case.
/// </summary>
internal static class CommandArguments
{
    /// <summary>Whether the first argument is a command's name and not configuration for <c>serve</c>.</summary>
    public static bool NamesCommand(ReadOnlySpan<string> arguments) =>
        !arguments.IsEmpty && (IsWord(arguments[0]) || arguments[0] is "--help" or "-h" or "-?" or "--version");

    /// <summary>Splits the arguments into configuration and the command's words, each in order.</summary>
    public static (string[] Configuration, string[] Words) Split(IEnumerable<string> arguments)
    {
        var groups = arguments.ToLookup(IsConfiguration);
        return ([.. groups[true]], [.. groups[false]]);
    }

    private static bool IsWord(string argument) => argument.Length > 0 && argument[0] is not ('-' or '/') && !argument.Contains('=', StringComparison.Ordinal);

    private static bool IsConfiguration(string argument) =>
        argument.Length > 2
        && argument.StartsWith("--", StringComparison.Ordinal)
        && char.IsAsciiLetterUpper(argument[2])
        && argument.Contains('=', StringComparison.Ordinal);
}
