using System.Net;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Listeners;

internal sealed class ListenerOptionsValidator : IValidateOptions<ListenerOptions>
{
    public ValidateOptionsResult Validate(string? name, ListenerOptions options)
    {
        var errors = new List<string>();
        _ = ListenerPlan.Create(options, errors);
        if (options.PublicHttpsPort is < 1 or > IPEndPoint.MaxPort)
        {
            errors.Add($"PublicHttpsPort: {options.PublicHttpsPort} is not a port from 1 to 65535. Leave it out to use the listener's own.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
