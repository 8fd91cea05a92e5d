namespace VllmSecure.Proxy.Exchange;

internal static class ExchangeExtensions
{
    /// <summary>Opens the exchange of each request; everything else comes after it.</summary>
    public static IApplicationBuilder UseExchange(this IApplicationBuilder app) => app.UseMiddleware<ExchangeMiddleware>();

    /// <summary>A branch of the pipeline for the requests of one listener, whatever their Host header says.</summary>
    public static IApplicationBuilder MapListener(
        this IApplicationBuilder app, ListenerRole role, Action<IApplicationBuilder> configure) =>
        app.MapWhen(context => ProxyExchange.Of(context).Listener == role, configure);
}
