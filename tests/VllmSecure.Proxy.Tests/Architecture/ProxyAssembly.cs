using ArchUnitNET.Loader;

namespace VllmSecure.Proxy.Tests.Architecture;

/// <summary>The proxy's types and what each depends on, read from the compiled assembly.</summary>
internal static class ProxyAssembly
{
    public const string Namespace = "VllmSecure.Proxy";

    /// <summary>What every feature may know.</summary>
    public static readonly string[] Kernels = ["Exchange", "Errors", "Telemetry", "Storage", "Commands"];

    private static readonly ArchUnitNET.Domain.Architecture Loaded = new ArchLoader().LoadAssembly(typeof(ProxyApp).Assembly).Build();

    /// <summary>Every dependency of a type of the proxy on another type, the composition root's left out.</summary>
    public static IEnumerable<(string From, string To)> Dependencies() =>
        from type in Loaded.Types
        let source = Outermost(type.FullName)
        where source.StartsWith(Namespace + ".", StringComparison.Ordinal) && source != typeof(ProxyApp).FullName
        from dependency in type.Dependencies
        let target = Outermost(dependency.Target.FullName)
        where !IsRegistration(source) || Mentions(source, target)
        select (source, target);

    /// <summary>The folder of a type: the part of its namespace behind the proxy's; empty for the root and for foreign types.</summary>
    public static string FolderOf(string type) =>
        type.StartsWith(Namespace + ".", StringComparison.Ordinal) && type.Split('.') is { Length: > 3 } parts ? parts[2] : "";

    /// <summary>The generated configuration binder is one class for all options, and ArchUnit counts it to every class that binds.</summary>
    private static bool IsRegistration(string type) => type.EndsWith("Extensions", StringComparison.Ordinal);

    private static bool Mentions(string type, string target)
    {
        var file = Path.Combine([Sources.Root, Namespace, .. type.Split('.')[2..]]) + ".cs";
        return File.ReadAllText(file).Contains(target.Split('.')[^1], StringComparison.Ordinal);
    }

    private static string Outermost(string name) => name.Split('/', '+', '`', '<')[0];
}
