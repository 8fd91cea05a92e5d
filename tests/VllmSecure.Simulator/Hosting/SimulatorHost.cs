using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using VllmSecure.Simulator.Endpoints;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Hosting;

/// <summary>Kestrel, made to behave like uvicorn in front of vLLM.</summary>
internal static class SimulatorHost
{
    // h11's limit for one incomplete event, and vLLM's for the number of headers.
    private const int MaxHeaderBytes = 4 * 1024 * 1024;
    private const int MaxHeaderCount = 256;

    public static WebApplication Build(ServerContext server, Socket socket)
    {
        // The empty builder: no configuration, no environment variables, no logging; nothing from outside changes a test.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(server);

        // vLLM's spans are its own affair: under ASP.NET Core's name, whoever traces another server in this process would get them.
        builder.Services.AddSingleton(_ => new ActivitySource("VllmSecure.Simulator"));
        builder.WebHost.UseKestrelCore().UseSockets(sockets =>
        {
            // A flush completes when the kernel has the bytes: what was sent before a reset does arrive.
            sockets.MaxWriteBufferSize = 1;
            sockets.CreateBoundListenSocket = _ => socket;
        });
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, server.Options, socket));
        var app = builder.Build();
        var dispatcher = new Dispatcher(server, EndpointCatalog.Create());
        app.Use(IdleTimeout.OnRequestAsync);
        app.UseWebSockets();
        app.Run(dispatcher.HandleAsync);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, SimulatorOptions options, Socket socket)
    {
        kestrel.AddServerHeader = false;
        // uvicorn does not compare an absolute target with Host.
        kestrel.AllowHostHeaderOverride = true;
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxRequestHeaderCount = MaxHeaderCount;
        limits.MaxRequestBufferSize = 2 * MaxHeaderBytes;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.MaxRequestLineSize = MaxHeaderBytes;
        // IdleTimeout does it. Not infinite: Kestrel adds that to its clock, overflows, and closes at its next heartbeat.
        limits.KeepAliveTimeout = TimeSpan.FromDays(1);
        kestrel.Listen(socket.LocalEndPoint!, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => IdleTimeout.Watch(options, next));
        });
    }
}
