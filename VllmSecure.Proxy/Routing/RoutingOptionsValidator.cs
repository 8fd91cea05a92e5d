using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Routing;

internal sealed class RoutingOptionsValidator : IValidateOptions<RoutingOptions>
{
    public ValidateOptionsResult Validate(string? name, RoutingOptions options) =>
        options.PooledConnectionIdleSeconds < 0
            ? ValidateOptionsResult.Fail("Routing:PooledConnectionIdleSeconds: must be 0 (no reuse) or a number of seconds below vLLM's VLLM_HTTP_TIMEOUT_KEEP_ALIVE.")
            : ValidateOptionsResult.Success;
}
