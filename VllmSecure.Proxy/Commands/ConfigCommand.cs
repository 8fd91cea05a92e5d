using System.CommandLine;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Commands;

/// <summary><c>config check</c>: what a start would say about the settings, without starting.</summary>
internal sealed class ConfigCommand(IServiceProvider services) : IProxyCommand
{
    public Command Create()
    {
        var check = new Command("check", "Validate all settings as a start does and name each that is wrong. Exit code 0: none is.");
        check.SetAction(result => Check(result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return new Command("config", "Look at the configuration.") { check };
    }

    private int Check(TextWriter output, TextWriter error)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (Exception exception) when (ProxyStart.Describe(exception) is { } failures)
        {
            error.WriteLine(failures);
            return 1;
        }

        output.WriteLine("The configuration is complete.");
        return 0;
    }
}
