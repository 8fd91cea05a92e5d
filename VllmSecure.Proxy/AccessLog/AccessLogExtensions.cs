using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.AccessLog;

internal static class AccessLogExtensions
{
    /// <summary>One JSON line a request, to standard output and to a rotated file.</summary>
    public static WebApplicationBuilder AddAccessLog(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AccessLogOptions>().BindConfiguration(AccessLogOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccessLogOptions>, AccessLogOptionsValidator>();
        services.AddSingleton<AccessLogFormatter>();
        services.AddSingleton<AccessLogWriter>();
        services.AddSingleton<IAccessLogTarget, StandardOutputTarget>();
        services.AddSingleton<IAccessLogTarget, RotatingFileTarget>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessLogWriter>());
        return builder;
    }

    /// <summary>Outside of the errors, so that it tells what the client was really answered.</summary>
    public static IApplicationBuilder UseAccessLog(this IApplicationBuilder app) => app.UseMiddleware<AccessLogMiddleware>();
}
