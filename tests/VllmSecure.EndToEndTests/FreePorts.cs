using System.Net;
using System.Net.Sockets;

namespace VllmSecure.EndToEndTests;

/// <summary>
/// Ports for programs that must know each other's before either starts. They lie below those that the kernel gives to outgoing
/// connections and to port 0, so that no other test comes between; none is given out twice.
/// </summary>
internal static class FreePorts
{
    private const int First = 12_000, Count = 20_000;

    /// <summary>Where this process starts, so that two that run at once seldom try the same.</summary>
    private static int _next = Environment.ProcessId * 97 % Count;

    public static int[] Take(int count) => [.. Enumerable.Range(0, Count).Select(_ => Next()).Where(IsFree).Take(count)];

    /// <summary>Whether nothing listens there, on any address of this machine.</summary>
    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Any, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int Next() => First + (int)((uint)Interlocked.Increment(ref _next) % Count);
}
