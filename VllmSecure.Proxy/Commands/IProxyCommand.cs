using System.CommandLine;

namespace VllmSecure.Proxy.Commands;

/// <summary>
/// A command of the proxy's command line besides <c>serve</c>. A feature registers its own; it runs with the services of
/// the host that <c>serve</c> would start, before anything is started or validated.
/// </summary>
internal interface IProxyCommand
{
    /// <summary>The command with its options, sub-commands and actions. Exit code 0 is success; output goes to the invocation's writers.</summary>
    Command Create();
}
