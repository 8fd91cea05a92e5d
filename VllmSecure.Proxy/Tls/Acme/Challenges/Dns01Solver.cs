using System.Buffers.Text;
using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tls.Acme.Challenges;

/// <summary>
/// Sets TXT records through a program of the operator's: <c>HOOK set|remove NAME VALUE</c>. It returns 0 once the record is
/// to be seen (or gone). There are more DNS providers than one product can know.
/// </summary>
internal sealed partial class Dns01Solver(IOptions<AcmeOptions> options, TimeProvider clock, ILogger<Dns01Solver> logger) : IChallengeSolver
{
    // A hook may wait for the record to spread over a provider's name servers.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    // What a hook prints goes into a message; a chatty one must not fill the log.
    private const int MaxOutput = 500;

    public string Type => ChallengeTypes.Dns01;

    public bool CanSolve(AcmeIdentifier identifier) => !identifier.IsAddress && !string.IsNullOrEmpty(options.Value.Dns.Hook);

    public async Task PresentAsync(AcmeIdentifier identifier, string token, string keyAuthorization, CancellationToken cancellationToken)
    {
        await RunAsync("set", identifier, keyAuthorization, cancellationToken);
        if (options.Value.Dns.WaitSeconds > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(options.Value.Dns.WaitSeconds), clock, cancellationToken);
        }
    }

    public async Task RemoveAsync(AcmeIdentifier identifier, string token, string keyAuthorization)
    {
        try
        {
            await RunAsync("remove", identifier, keyAuthorization, CancellationToken.None);
        }
        catch (AcmeException exception)
        {
            Log.NotRemoved(logger, RecordOf(identifier), exception.Message);
        }
    }

    /// <summary>The record's name; a wildcard is proven by the domain below it.</summary>
    public static string RecordOf(AcmeIdentifier identifier) =>
        $"_acme-challenge.{(identifier.IsWildcard ? identifier.Value[2..] : identifier.Value)}";

    /// <summary>The record's value (RFC 8555 section 8.4).</summary>
    public static string ValueOf(string keyAuthorization) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization)));

    private async Task RunAsync(string verb, AcmeIdentifier identifier, string keyAuthorization, CancellationToken cancellationToken)
    {
        var hook = options.Value.Dns.Hook!;
        var start = new ProcessStartInfo(hook, [verb, RecordOf(identifier), ValueOf(keyAuthorization)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var deadline = new CancellationTokenSource(Timeout, clock);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(given.Token);
                var errors = process.StandardError.ReadToEndAsync(given.Token);
                await process.WaitForExitAsync(given.Token);
                if (process.ExitCode != 0)
                {
                    var text = (await errors + await output).Trim();
                    throw new AcmeException($"The DNS hook {hook} {verb} ended with {process.ExitCode}: {text[..Math.Min(text.Length, MaxOutput)]}");
                }
            }
            finally
            {
                KillIfRunning(process);
            }
        }
        catch (Win32Exception exception)
        {
            throw new AcmeException($"Tls:Acme:Dns:Hook: {hook} cannot be run: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested)
        {
            throw new AcmeException($"The DNS hook {hook} {verb} did not end within {Timeout.TotalMinutes:0} minutes.", exception);
        }
    }

    private static void KillIfRunning(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
