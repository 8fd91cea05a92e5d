using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace VllmSecure.Simulator.Faults;

/// <summary>What HTTP cannot express: ends a connection below it.</summary>
internal static class SocketFaults
{
    /// <summary>A TCP reset. What has been flushed before has reached the kernel (see the transport's write buffer) and still arrives.</summary>
    public static void Reset(HttpContext http)
    {
        Socket(http).LingerState = new LingerOption(enable: true, seconds: 0);
        http.Abort();
    }

    /// <summary>An orderly end of the connection in the midst of a message.</summary>
    public static void Close(HttpContext http)
    {
        Socket(http).Shutdown(SocketShutdown.Send);
        http.Abort();
    }

    private static Socket Socket(HttpContext http) =>
        http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
}
