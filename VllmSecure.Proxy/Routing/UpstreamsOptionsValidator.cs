using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Routing;

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
            if (!Uri.TryCreate(settings.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                errors.Add($"Upstreams:{upstream}:Address: '{settings.Address}' is not an address such as http://127.0.0.1:8000.");
            }
            else if (address.UserInfo.Length > 0 || address.Query.Length > 0)
            {
                errors.Add($"Upstreams:{upstream}:Address: leave user names, passwords and queries out; a key goes to Upstreams:{upstream}:ApiKey.");
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
