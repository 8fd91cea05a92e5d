using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Routing.Balancing;

namespace VllmSecure.Proxy.Routing;

internal sealed class RoutingOptionsValidator : IValidateOptions<RoutingOptions>
{
    /// <summary>A day; timers cannot wait for more than 49.</summary>
    private const int MaxSeconds = 24 * 60 * 60;

    public ValidateOptionsResult Validate(string? name, RoutingOptions options)
    {
        var errors = new List<string>();
        if (options.PooledConnectionIdleSeconds < 0)
        {
            errors.Add("Routing:PooledConnectionIdleSeconds: must be 0 (no reuse) or a number of seconds below vLLM's VLLM_HTTP_TIMEOUT_KEEP_ALIVE.");
        }

        if (options.DnsRefreshSeconds is < 1 or > MaxSeconds)
        {
            errors.Add($"Routing:DnsRefreshSeconds: {options.DnsRefreshSeconds} must be a number of seconds from 1 to {MaxSeconds}.");
        }

        if (options.MaxTries < 1)
        {
            errors.Add($"Routing:MaxTries: {options.MaxTries} must be 1 (no second try) or more.");
        }

        if (!BalancingPolicies.All.Contains(options.Policy, StringComparer.Ordinal))
        {
            errors.Add($"Routing:Policy: '{options.Policy}' is none of {string.Join(", ", BalancingPolicies.All)}.");
        }

        foreach (var (alias, _) in options.Aliases.Where(alias => string.IsNullOrWhiteSpace(alias.Value)))
        {
            errors.Add($"Routing:Aliases:{alias}: must name the model that it stands for.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
