using System.Net;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Listeners;

internal sealed class ManagementOptionsValidator : IValidateOptions<ManagementOptions>
{
    public ValidateOptionsResult Validate(string? name, ManagementOptions options)
    {
        var errors = new List<string>();
        if (!IPAddress.TryParse(options.Address, out _))
        {
            errors.Add($"Management:Address: '{options.Address}' is not an IP address. Use 127.0.0.1, or the address of a private network.");
        }

        if (options.Port is < 0 or > IPEndPoint.MaxPort)
        {
            errors.Add($"Management:Port: {options.Port} is not a port from 0 (a free port) to 65535.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
