using System.Buffers.Binary;
using System.Security.Cryptography;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tls.Acme.Schedule;

/// <summary>When a certificate is to be renewed. Pure; nothing is assumed of how long certificates live.</summary>
internal static class RenewalSchedule
{
    // As Caddy: a third of the lifetime left is time for many tries, and 2/3 is what Let's Encrypt recommends without ARI.
    private const double RenewAfter = 2.0 / 3;

    // Spreads the renewals of many certificates that were made in one night.
    private const double Spread = 0.05;

    // As Caddy: with a twentieth left, waiting for the CA's window risks an outage.
    private const double EmergencyLeft = 1.0 / 20;

    /// <summary>The instant to renew at: in the CA's window, else after two thirds of the lifetime; never later than the emergency.</summary>
    /// <param name="notBefore">Start of validity.</param>
    /// <param name="notAfter">End of validity.</param>
    /// <param name="window">What ARI suggests; null without ARI.</param>
    /// <param name="jitter">From 0 to 1, one value for the life of a certificate.</param>
    public static DateTimeOffset Plan(DateTimeOffset notBefore, DateTimeOffset notAfter, RenewalWindow? window, double jitter)
    {
        var lifetime = notAfter - notBefore;
        var planned = window is { } given && given.End >= given.Start
            ? given.Start + ((given.End - given.Start) * jitter)
            : notBefore + (lifetime * (RenewAfter - (Spread * jitter)));
        var emergency = EmergencyOf(notBefore, notAfter);
        return planned < emergency ? planned : emergency;
    }

    /// <summary>From here on a renewal is overdue, whatever the CA suggests.</summary>
    public static DateTimeOffset EmergencyOf(DateTimeOffset notBefore, DateTimeOffset notAfter) => notAfter - ((notAfter - notBefore) * EmergencyLeft);

    /// <summary>
    /// The jitter of a certificate, from its bytes: as random as they are, and the same after a restart, so that the instant
    /// in a window is drawn once.
    /// </summary>
    public static double JitterOf(ReadOnlySpan<byte> certificate) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(certificate)) / (double)uint.MaxValue;
}
