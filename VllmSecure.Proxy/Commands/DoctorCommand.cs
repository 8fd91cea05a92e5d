using System.CommandLine;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Commands;

/// <summary><c>doctor</c>: all checks of all features, one line each, the fix on the line of a failing one.</summary>
internal sealed class DoctorCommand(IEnumerable<IDoctorCheck> checks) : IProxyCommand
{
    public Command Create()
    {
        var command = new Command("doctor", "Check DNS, ports, certificates, clock, files and upstreams. Exit code 0: nothing failed.");
        command.SetAction((result, cancellationToken) => RunAsync(result.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    public async Task<int> RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var failed = 0;
        var settings = new HashSet<string>(StringComparer.Ordinal);
        foreach (var check in checks)
        {
            await foreach (var finding in FindAsync(check, settings, cancellationToken))
            {
                failed += finding.Verdict == DoctorVerdict.Failed ? 1 : 0;
                await output.WriteLineAsync(Line(check.Name, finding));
            }
        }

        await output.WriteLineAsync(failed == 0 ? "Nothing failed." : $"{failed} failed.");
        return failed == 0 ? 0 : 1;
    }

    private static string Line(string name, DoctorFinding finding)
    {
        var verdict = finding.Verdict switch
        {
            DoctorVerdict.Ok => "ok  ",
            DoctorVerdict.Warning => "warn",
            DoctorVerdict.Failed => "FAIL",
            _ => "skip",
        };
        return $"{verdict}  {name}: {finding.Message}{(finding.Fix is null ? "" : $" Fix: {finding.Fix}")}";
    }

    /// <summary>A check that cannot even read its settings, or has a defect, is a failing line like any other.</summary>
    private static async IAsyncEnumerable<DoctorFinding> FindAsync(
        IDoctorCheck check, HashSet<string> settings, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var findings = check.RunAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            DoctorFinding? broken = null;
            try
            {
                if (!await findings.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (OptionsValidationException exception)
            {
                // One wrong setting stops many checks: it is reported by the first.
                broken = exception.Failures.All(settings.Add)
                    ? DoctorFinding.Failed(string.Join(" ", exception.Failures), "correct these settings.")
                    : DoctorFinding.Skipped("its settings are not complete: see above.");
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                broken = DoctorFinding.Failed($"{exception.GetType().Name}: {exception.Message}", "mend what it names, and run doctor again.");
            }

            yield return broken ?? findings.Current;
            if (broken is not null)
            {
                yield break;
            }
        }
    }
}
