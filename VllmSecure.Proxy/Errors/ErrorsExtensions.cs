using System.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace VllmSecure.Proxy.Errors;

internal static class ErrorsExtensions
{
    /// <summary>Error JSON for every failure, Kestrel's own rejections included.</summary>
    public static IApplicationBuilder UseErrors(this IApplicationBuilder app)
    {
        RejectedRequestObserver.Subscribe(app.ApplicationServices.GetRequiredService<DiagnosticListener>());
        return app.UseMiddleware<ErrorsMiddleware>();
    }

    /// <summary>Gives the server's own rejections a body. After <c>UseHttps</c>: it works on what HTTP reads and writes.</summary>
    public static ListenOptions UseRejectedRequestAnswers(this ListenOptions listen)
    {
        listen.Use(next => connection =>
        {
            var rejected = new RejectedRequestFeature();
            connection.Features.Set(rejected);
            connection.Transport = new RejectedRequestPipe(connection.Transport, rejected);
            return next(connection);
        });
        return listen;
    }
}
