using System.Collections.Frozen;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>The policy of each key: the common one, with what <c>RequestPolicy:Keys:&lt;key id&gt;</c> sets in its place.</summary>
internal sealed class PolicyOverrides
{
    public const string KeysSection = "Keys";

    private static readonly string[] Settings = [.. typeof(RequestPolicyOptions).GetProperties().Select(property => property.Name)];

    private static readonly string[] Lists =
        [nameof(RequestPolicyOptions.MediaHosts), nameof(RequestPolicyOptions.TemplateSwitches), nameof(RequestPolicyOptions.AllowFields)];

    private readonly FrozenDictionary<string, RequestPolicyOptions> _byKey;
    private readonly RequestPolicyOptions _common;

    public PolicyOverrides(IConfiguration configuration)
    {
        var section = configuration.GetSection(RequestPolicyOptions.Section);
        _common = section.Get<RequestPolicyOptions>() ?? new RequestPolicyOptions();
        _byKey = section.GetSection(KeysSection).GetChildren()
            .ToFrozenDictionary(key => key.Key, key => Override(section, key), StringComparer.OrdinalIgnoreCase);
        RequireKnown(section, [.. Settings, KeysSection]);
        foreach (var key in section.GetSection(KeysSection).GetChildren())
        {
            RequireKnown(key, Settings);
        }
    }

    /// <summary>What the binder passes over, each naming its key: a misspelt limit would be the default one.</summary>
    public List<string> Mistakes { get; } = [];

    /// <summary>The keys with a policy of their own; ids of keys are the same in any case.</summary>
    public IReadOnlyDictionary<string, RequestPolicyOptions> ByKey => _byKey;

    public RequestPolicyOptions For(string? keyId) => keyId is not null && _byKey.TryGetValue(keyId, out var options) ? options : _common;

    private void RequireKnown(IConfigurationSection section, string[] names)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            Mistakes.Add($"{section.Path}: is a section and not a value. Known in it are {string.Join(", ", names)}.");
        }

        foreach (var child in section.GetChildren())
        {
            if (!names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                Mistakes.Add($"{child.Path}: there is no such setting. Known are {string.Join(", ", names)}.");
            }
            else if (Lists.Contains(child.Key, StringComparer.OrdinalIgnoreCase) && !string.IsNullOrEmpty(child.Value))
            {
                Mistakes.Add($"{child.Path}: is a list: give its items as {child.Path}:0, {child.Path}:1 and so on.");
            }
        }
    }

    /// <summary>Bound twice: a scalar of the key's replaces the common one, its lists add to the common ones.</summary>
    private static RequestPolicyOptions Override(IConfigurationSection common, IConfigurationSection key)
    {
        var options = new RequestPolicyOptions();
        common.Bind(options);
        key.Bind(options);
        return options;
    }
}
