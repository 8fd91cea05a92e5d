using System.Net;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Routing.Connections;

namespace VllmSecure.Proxy.Routing;

/// <summary>Looks at settings and files only: a name that DNS does not know yet must not stop the start.</summary>
internal sealed class UpstreamsOptionsValidator(IHostEnvironment environment) : IValidateOptions<UpstreamsOptions>
{
    public ValidateOptionsResult Validate(string? name, UpstreamsOptions options)
    {
        var errors = new List<string>();
        if (options.Upstreams.Count == 0 && environment.IsProduction())
        {
            errors.Add("Upstreams: no vLLM server is named. Set Upstreams:vllm:Address, for example http://127.0.0.1:8000 (as environment variable: Upstreams__vllm__Address).");
        }

        foreach (var (upstream, settings) in options.Upstreams)
        {
            var section = $"{UpstreamsOptions.Section}:{upstream}";
            errors.AddRange(CheckAddress(section, settings).Concat(CheckTls(section, settings)));
            if (settings.ApiKey?.All(character => character is >= ' ' and <= '~') == false)
            {
                errors.Add($"{section}:ApiKey: holds a line break or another character that no header can carry. 'echo' ends a secret with a line break, 'printf %s' does not.");
            }

            if (!double.IsFinite(settings.Weight) || settings.Weight < 0)
            {
                errors.Add($"{section}:Weight: must be 0 (a standby) or a positive number, 1 being usual.");
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> CheckAddress(string section, UpstreamOptions settings)
    {
        if (UpstreamAddress.TryParse(settings.Address) is not { } address)
        {
            yield return $"{section}:Address: '{settings.Address}' is not an address such as http://127.0.0.1:8000, https://vllm.example.com or unix:/run/vllm.sock.";
        }
        else if (address.Uri.UserInfo.Length > 0 || address.Uri.Query.Length > 0)
        {
            yield return $"{section}:Address: leave user names, passwords and queries out; a key goes to {section}:ApiKey.";
        }
        else if (address.Uri.Scheme == Uri.UriSchemeHttp && !settings.AllowPlainHttp
            && IPAddress.TryParse(address.Uri.DnsSafeHost, out var ip) && !PrivateNetworks.Contains(ip))
        {
            yield return $"{section}:Address: {ip} is neither loopback nor private, and plain HTTP is readable on the way. Use https, or set {section}:AllowPlainHttp to true.";
        }
    }

    private static IEnumerable<string> CheckTls(string section, UpstreamOptions settings)
    {
        if (settings.PinnedKey is { } pin && !UpstreamTls.IsPin(pin))
        {
            yield return $"{section}:PinnedKey: must be 'sha256/' and the Base64 of the SHA-256 of the server's public key (SubjectPublicKeyInfo).";
        }

        if (settings.ClientCertificateKey is not null && settings.ClientCertificate is null)
        {
            yield return $"{section}:ClientCertificateKey: set {section}:ClientCertificate too.";
        }

        (string Key, string? File)[] files =
        [
            (nameof(settings.CertificateAuthority), settings.CertificateAuthority),
            (nameof(settings.ClientCertificate), settings.ClientCertificate),
            (nameof(settings.ClientCertificateKey), settings.ClientCertificateKey),
        ];
        foreach (var (key, file) in files)
        {
            if (file is not null && !File.Exists(file))
            {
                yield return $"{section}:{key}: there is no file '{file}' that the proxy can read.";
            }
        }
    }
}
