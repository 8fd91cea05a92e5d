using System.Runtime.CompilerServices;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.Tls.Doctor;

/// <summary>The certificates at hand: there, valid, and renewed in time.</summary>
internal sealed class CertificatesCheck(IServiceProvider services, TimeProvider clock) : IDoctorCheck
{
    // Below this an operator wants to know even while retries go on.
    private static readonly TimeSpan Soon = TimeSpan.FromDays(2);

    public string Name => "certificate";

    public async IAsyncEnumerable<DoctorFinding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var source = services.GetRequiredService<ICertificateSource>();
        await source.LoadAsync(cancellationToken);
        foreach (var certificate in source.Describe())
        {
            yield return Judge(certificate, clock.GetUtcNow());
        }
    }

    internal static DoctorFinding Judge(CertificateStatus certificate, DateTimeOffset now)
    {
        var names = string.Join(", ", certificate.Names);
        if (certificate.IsPlaceholder)
        {
            return DoctorFinding.Failed($"there is none for {names} yet. {certificate.LastError ?? "None was ordered."}", "start the proxy and follow its log.");
        }

        if (certificate.NotAfter <= now)
        {
            return DoctorFinding.Failed($"the one for {names} ended at {certificate.NotAfter:u}. {certificate.LastError}", "mend what it names, then run 'certificates renew'.");
        }

        return certificate.NotAfter - now < Soon || certificate.LastError is not null
            ? DoctorFinding.Warning($"the one for {names} ends at {certificate.NotAfter:u}. {certificate.LastError}", "see the proxy's log for the next attempt.")
            : DoctorFinding.Ok($"{names}, valid until {certificate.NotAfter:u}.");
    }
}
