using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace VllmSecure.EndToEndTests.Clients;

/// <summary>Tells when a proxy has turned a client away.</summary>
internal sealed class ThrottleSignal : IStartupFilter
{
    private readonly TaskCompletionSource _throttled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the first 429.</summary>
    public Task Throttled => _throttled.Task;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, inner) =>
        {
            await inner(context);
            if (context.Response.StatusCode == 429)
            {
                _throttled.TrySetResult();
            }
        });
        next(app);
    };
}
