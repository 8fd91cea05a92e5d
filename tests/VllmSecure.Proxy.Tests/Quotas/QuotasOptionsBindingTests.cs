using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Quotas;

namespace VllmSecure.Proxy.Tests.Quotas;

public sealed class QuotasOptionsBindingTests
{
    [Fact]
    public void Bind_Limits_AreRead()
    {
        var options = Bind("--Quotas:Default:RequestsPerMinute=60", "--Quotas:Global:TokensPerDay=5000000000", "--Quotas:AssumedOutputTokens=10");
        Assert.Equal(new QuotaLimits { RequestsPerMinute = 60 }, options.Default);
        Assert.Equal(new QuotaLimits { TokensPerDay = 5_000_000_000 }, options.Global);
        Assert.Equal(10, options.AssumedOutputTokens);
    }

    [Theory]
    [InlineData("--Quotas:Default:RequestPerMinute=60", "Quotas:Default:RequestPerMinute")]
    [InlineData("--Quotas:TokensPerDay=60", "Quotas:TokensPerDay")]
    [InlineData("--Quotas:Global:TokensPerDay=many", "Quotas:Global:TokensPerDay")]
    [InlineData("--Quotas:Mistakes:0=hidden", "Quotas:Mistakes")]
    [InlineData("--Quotas:Default:TokensPerDay=", "Quotas:Default:TokensPerDay: is there but has no value")]
    [InlineData("--Quotas:Default=60", "Quotas:Default: is a section")]
    [InlineData("--Quotas=60", "Quotas: is a section")]
    public void Bind_MisspeltLimit_IsRefusedByName(string argument, string key)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Bind(argument));
        Assert.Contains(exception.Failures, failure => failure.Contains(key, StringComparison.Ordinal));
    }

    private static QuotasOptions Bind(params string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.AddQuotas();
        using var services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<QuotasOptions>>().Value;
    }
}
