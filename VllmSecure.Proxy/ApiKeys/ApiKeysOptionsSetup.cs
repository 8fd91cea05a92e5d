using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>Fills the options from configuration, and forgets every plain secret as soon as it is hashed.</summary>
internal sealed class ApiKeysOptionsSetup(IConfiguration configuration) : IConfigureOptions<ApiKeysOptions>
{
    public void Configure(ApiKeysOptions options)
    {
        var section = configuration.GetSection(ApiKeysOptions.Section);
        if (section.Value is { Length: > 0 })
        {
            options.Mistakes.Add("ApiKeys: is a section of keys by id, such as ApiKeys:vscode:Key, and not a value.");
        }

        foreach (var key in section.GetChildren())
        {
            options.Keys[key.Key] = new ApiKeySectionReader(key, options.Mistakes).Read();
        }
    }
}
