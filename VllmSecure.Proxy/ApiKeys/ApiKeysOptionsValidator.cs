using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>Holds the keys against their rules; outside Development a proxy without any key would serve nobody and does not start.</summary>
internal sealed class ApiKeysOptionsValidator(IHostEnvironment environment, ApiKeyFile file) : IValidateOptions<ApiKeysOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiKeysOptions options)
    {
        var errors = new List<string>(options.Mistakes);
        var content = file.Read(errors);
        if (errors.Count == 0)
        {
            _ = ApiKeyTable.Create([.. options.Named(), .. content.Named(file.FilePath)], errors);
        }

        if (options.Keys.Count + content.Keys.Count == 0 && errors.Count == 0 && !environment.IsDevelopment())
        {
            errors.Add(
                "ApiKeys: there is no API key, so nobody could use this proxy. Give a secret as ApiKeys:<id>:Key (environment ApiKeys__<id>__Key, "
                + "or a file of that name in /run/secrets), or its SHA-256 as ApiKeys:<id>:Hash; or make one in the data directory with: keys create <id>");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
