using System.Runtime.CompilerServices;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tls.Doctor;

/// <summary>Whether CAA records (RFC 8659) allow the CA to issue.</summary>
internal sealed class CaaCheck(AcmeScope scope, CaaLookup lookup, IHttpClientFactory http, TimeProvider clock) : IDoctorCheck
{
    public string Name => "CAA";

    public async IAsyncEnumerable<DoctorFinding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = scope.Identifiers.Where(identifier => !identifier.IsAddress).ToArray();
        if (names.Length == 0)
        {
            yield break;
        }

        var authorities = await AuthoritiesAsync(cancellationToken);
        foreach (var identifier in names)
        {
            var records = await lookup.FindAsync(identifier.IsWildcard ? identifier.Value[2..] : identifier.Value, cancellationToken);
            yield return records is null
                ? DoctorFinding.Skipped($"{identifier}: no name server of this machine answered.")
                : Judge(identifier, records, authorities);
        }
    }

    internal static DoctorFinding Judge(AcmeIdentifier identifier, IReadOnlyList<CaaRecord> records, IReadOnlyList<string> authorities)
    {
        var wildcard = identifier.IsWildcard && records.Any(record => record.Tag == CaaRecord.IssueWild);
        var allowed = records.Where(record => record.Tag == (wildcard ? CaaRecord.IssueWild : CaaRecord.Issue)).Select(record => record.Authority).ToArray();
        if (allowed.Length == 0)
        {
            return DoctorFinding.Ok($"{identifier}: every CA may issue.");
        }

        var list = string.Join(", ", allowed.Select(name => name.Length == 0 ? "nobody" : name));
        if (authorities.Count == 0)
        {
            return DoctorFinding.Warning($"{identifier}: only {list} may issue, and the CA does not say its name.", "ask the CA which CAA name it goes by.");
        }

        return allowed.Intersect(authorities, StringComparer.OrdinalIgnoreCase).Any()
            ? DoctorFinding.Ok($"{identifier}: {list} may issue.")
            : DoctorFinding.Failed($"{identifier}: only {list} may issue.", $"add a CAA record: issue \"{authorities[0]}\".");
    }

    private async Task<IReadOnlyList<string>> AuthoritiesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var directory = await AcmeClient.GetDirectoryAsync(http.CreateClient(AcmeHttp.Client), scope.Directory, clock, cancellationToken);
            return directory.Meta?.CaaIdentities ?? [];
        }
        catch (AcmeException)
        {
            // The clock check reports a CA that is out of reach.
            return [];
        }
    }
}
