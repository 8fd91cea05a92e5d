using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace VllmSecure.IntegrationTests.Harness;

/// <summary>Tells when the proxy's server has noticed that a client is gone.</summary>
internal sealed class Departures : IStartupFilter
{
    private readonly Channel<bool> _gone = Channel.CreateUnbounded<bool>();

    public void AddTo(WebApplicationBuilder builder) => builder.Services.AddSingleton<IStartupFilter>(this);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, following) =>
        {
            using var leaving = context.RequestAborted.UnsafeRegister(static gone => ((Channel<bool>)gone!).Writer.TryWrite(true), _gone);
            await following(context);
        });
        next(app);
    };

    public async Task NextAsync() => await _gone.Reader.ReadAsync();
}
