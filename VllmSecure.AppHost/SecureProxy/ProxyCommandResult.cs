namespace VllmSecure.AppHost.SecureProxy;

/// <summary>How a command of the proxy ended.</summary>
/// <param name="ExitCode">0 when it did what it was asked.</param>
/// <param name="Output">What a script would take.</param>
/// <param name="Message">What was said beside it.</param>
internal sealed record ProxyCommandResult(int ExitCode, string Output, string Message)
{
    /// <summary>The result as the dashboard and <c>aspire resource</c> show it.</summary>
    public ExecuteCommandResult ForDashboard() => ExitCode == 0
        ? CommandResults.Success(Message.Length > 0 ? Message : Output, Output, CommandResultFormat.Text, displayImmediately: true)
        : CommandResults.Failure(Message.Length > 0 ? Message : Output);
}
