using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>A model server that answers as a test says, where the simulator is too well-behaved.</summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    public const string Listing = """{"object":"list","data":[{"id":"test-model"}]}""";

    private readonly WebApplication _app;

    private ScriptedUpstream(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <param name="answer">The body for a path; null: 404. One that never ends: no answer.</param>
    /// <param name="contentType">What the answers say they are.</param>
    public static async Task<ScriptedUpstream> StartAsync(Func<PathString, Task<string?>> answer, string? contentType = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            var body = await answer(context.Request.Path).WaitAsync(context.RequestAborted);
            context.Response.StatusCode = body is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
            context.Response.ContentType = contentType;
            await context.Response.WriteAsync(body ?? string.Empty);
        });
        await app.StartAsync();
        return new ScriptedUpstream(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
