using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.AccessLog;

/// <summary>Logs each request once it is over. Not those of the management listener: scrapes would bury the rest.</summary>
internal sealed class AccessLogMiddleware(RequestDelegate next, AccessLogWriter log, ModelNames models, TimeProvider clock)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (ProxyExchange.Of(context).Listener != ListenerRole.Management)
            {
                log.Write(AccessLogEntry.Of(context, models, clock));
            }
        }
    }
}
