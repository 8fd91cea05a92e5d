using System.Runtime.CompilerServices;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Tls.Acme;

namespace VllmSecure.Proxy.Tls.Doctor;

/// <summary>This machine's clock against the CA's Date; that the CA is within reach comes out by the way.</summary>
internal sealed class ClockCheck(AcmeScope scope, IHttpClientFactory http, TimeProvider clock) : IDoctorCheck
{
    // Certificates are issued with a start an hour back, nonces live for hours: a minute is early enough to notice.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    public string Name => "clock";

    public async IAsyncEnumerable<DoctorFinding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (scope.IsUsed)
        {
            yield return await AskAsync(cancellationToken);
        }
    }

    internal static DoctorFinding Judge(TimeSpan ahead, Uri directory) => ahead.Duration() <= Tolerance
        ? DoctorFinding.Ok($"agrees with {directory.Host} within {Math.Ceiling(ahead.Duration().TotalSeconds):0} s.")
        : DoctorFinding.Failed(
            $"{ahead.Duration():c} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} {directory.Host}.", "keep the time by NTP: timedatectl set-ntp true.");

    private async Task<DoctorFinding> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.CreateClient(AcmeHttp.Client).GetAsync(scope.Directory, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.Headers.Date is { } date
                ? Judge(clock.GetUtcNow() - date, scope.Directory)
                : DoctorFinding.Skipped($"{scope.Directory.Host} sends no Date.");
        }
        catch (HttpRequestException exception)
        {
            return DoctorFinding.Failed(
                $"{scope.Directory} cannot be reached: {exception.InnerException?.Message ?? exception.Message}", "let this machine reach it over HTTPS (firewall, proxy, Tls:Acme:DirectoryRoot).");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DoctorFinding.Failed($"{scope.Directory} does not answer.", "let this machine reach it over HTTPS.");
        }
    }
}
