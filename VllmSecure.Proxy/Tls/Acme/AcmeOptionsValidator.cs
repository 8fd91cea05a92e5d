using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Tls.Acme.Challenges;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tls.Acme;

internal sealed class AcmeOptionsValidator(IOptions<TlsOptions> tls) : IValidateOptions<AcmeOptions>
{
    private const string Key = AcmeOptions.Section;

    public ValidateOptionsResult Validate(string? name, AcmeOptions options)
    {
        if (!IsUsed())
        {
            return ValidateOptionsResult.Skip;
        }

        var errors = new List<string>();
        ValidateDomains(options, errors);
        ValidateAuthorities(options, errors);
        ValidateChallenges(options, errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>Settings of a source that is not chosen are nobody's concern; a wrong choice is reported by its own validator.</summary>
    private bool IsUsed()
    {
        try
        {
            return string.Equals(tls.Value.Source, TlsSources.Acme, StringComparison.OrdinalIgnoreCase);
        }
        catch (OptionsValidationException)
        {
            return false;
        }
    }

    private static void ValidateDomains(AcmeOptions options, List<string> errors)
    {
        if (options.Domains.Count == 0)
        {
            errors.Add($"{Key}:Domains:0: give the name or the public IP address that clients use.");
        }

        var named = new HashSet<AcmeIdentifier>();
        for (var i = 0; i < options.Domains.Count; i++)
        {
            if (AcmeIdentifier.TryParse(options.Domains[i]) is not { } identifier)
            {
                errors.Add($"{Key}:Domains:{i}: '{options.Domains[i]}' is neither a domain name nor an IP address. Give just the name, without https:// and port.");
            }
            else if (identifier.IsWildcard && string.IsNullOrEmpty(options.Dns.Hook))
            {
                errors.Add($"{Key}:Domains:{i}: a wildcard is proven by dns-01 alone. Set {Key}:Dns:Hook, or name the hosts one by one.");
            }
            else if (!CanBeProven(identifier, options.Challenges))
            {
                errors.Add($"{Key}:Challenges: none of them proves {identifier}. Add {(identifier.IsWildcard ? ChallengeTypes.Dns01 : $"{ChallengeTypes.Http01} or {ChallengeTypes.TlsAlpn01}")}.");
            }
            else if (!named.Add(identifier))
            {
                errors.Add($"{Key}:Domains:{i}: {identifier} is named twice. Leave it out here.");
            }
        }
    }

    private static bool CanBeProven(AcmeIdentifier identifier, IList<string> challenges) =>
        challenges.Count == 0 || challenges.Any(type => type == ChallengeTypes.Dns01 ? !identifier.IsAddress : !identifier.IsWildcard);

    private static void ValidateAuthorities(AcmeOptions options, List<string> errors)
    {
        if (!options.AcceptTermsOfService)
        {
            errors.Add($"{Key}:AcceptTermsOfService: read the CA's terms (Let's Encrypt: https://letsencrypt.org/repository/) and set true to accept them.");
        }

        for (var i = 0; i < options.Directories.Count; i++)
        {
            RequireHttpsUrl($"{Key}:Directories:{i}", options.Directories[i], errors);
        }

        if (options.StagingDirectory is { } staging)
        {
            RequireHttpsUrl($"{Key}:StagingDirectory", staging, errors);
        }

        if (options.DirectoryRoot is { } root && !File.Exists(root))
        {
            errors.Add($"{Key}:DirectoryRoot: there is no file {root}.");
        }

        if (string.IsNullOrEmpty(options.ExternalAccount.KeyId) != string.IsNullOrEmpty(options.ExternalAccount.Key))
        {
            errors.Add($"{Key}:ExternalAccount: KeyId and Key belong together: set both or neither.");
        }

        if (!string.IsNullOrEmpty(options.ExternalAccount.Key) && !System.Buffers.Text.Base64Url.IsValid(options.ExternalAccount.Key.TrimEnd('=')))
        {
            errors.Add($"{Key}:ExternalAccount:Key: is not base64url, the form in which CAs hand it out.");
        }
    }

    private static void ValidateChallenges(AcmeOptions options, List<string> errors)
    {
        for (var i = 0; i < options.Challenges.Count; i++)
        {
            if (!ChallengeTypes.All.Contains(options.Challenges[i], StringComparer.Ordinal))
            {
                errors.Add($"{Key}:Challenges:{i}: '{options.Challenges[i]}' is not one of {string.Join(", ", ChallengeTypes.All)}.");
            }
        }

        if (options.Challenges.Contains(ChallengeTypes.Dns01) && string.IsNullOrEmpty(options.Dns.Hook))
        {
            errors.Add($"{Key}:Dns:Hook: dns-01 needs a program that sets records.");
        }

        if (options.Dns.Hook is { Length: > 0 } hook && !File.Exists(hook))
        {
            errors.Add($"{Key}:Dns:Hook: there is no file {hook}. Give the full path.");
        }

        if (options.Dns.WaitSeconds is < 0 or > 3600)
        {
            errors.Add($"{Key}:Dns:WaitSeconds: {options.Dns.WaitSeconds} is not a number of seconds from 0 to 3600.");
        }
    }

    private static void RequireHttpsUrl(string key, string value, List<string> errors)
    {
        // RFC 8555 section 6.1 allows nothing else.
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps)
        {
            errors.Add($"{key}: '{value}' is not an https:// URL of an ACME directory.");
        }
    }
}
