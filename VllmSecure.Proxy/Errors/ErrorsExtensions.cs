using System.Diagnostics;

namespace VllmSecure.Proxy.Errors;

internal static class ErrorsExtensions
{
    /// <summary>Error JSON for every failure, Kestrel's own rejections included.</summary>
    public static IApplicationBuilder UseErrors(this IApplicationBuilder app)
    {
        RejectedRequestResponder.Subscribe(app.ApplicationServices.GetRequiredService<DiagnosticListener>());
        return app.UseMiddleware<ErrorsMiddleware>();
    }
}
