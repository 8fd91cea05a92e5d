using System.Runtime.CompilerServices;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Tls.Handshake;

namespace VllmSecure.Proxy.Tls.Doctor;

/// <summary>Whether the post-quantum key exchange is there: the TLS library of the machine or image decides.</summary>
internal sealed class KeyExchangeCheck : IDoctorCheck
{
    public string Name => "key exchange";

    public async IAsyncEnumerable<DoctorFinding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield return PostQuantum.Describe() switch
        {
            (true, var library) => DoctorFinding.Ok($"{library} offers X25519MLKEM768, which later quantum computers cannot undo."),
            (false, var library) => DoctorFinding.Warning($"{library} has no X25519MLKEM768: what is recorded today could be read by later quantum computers.", "run on a system or image with OpenSSL 3.5 or newer."),
            (null, var library) => DoctorFinding.Skipped($"{library} does not say what it offers."),
        };
    }
}
