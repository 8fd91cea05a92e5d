using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>Configuration that a test changes while the proxy runs, as a file on disk would.</summary>
internal sealed class ChangingConfiguration : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public void AddTo(WebApplicationBuilder builder) => ((IConfigurationBuilder)builder.Configuration).Add(this);

    /// <summary>Sets keys, or takes them away where the value is null, and tells the proxy.</summary>
    public void Change(params (string Key, string? Value)[] settings)
    {
        foreach (var (key, value) in settings)
        {
            if (value is null)
            {
                Data.Remove(key);
            }
            else
            {
                Data[key] = value;
            }
        }

        OnReload();
    }
}
