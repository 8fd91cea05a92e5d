using System.Net;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Listeners;

/// <summary>A socket to listen on. Address null: every address of the machine, IPv6 and IPv4; loopback on both where it is <c>localhost</c>.</summary>
internal sealed record ListenerEndpoint(ListenerRole Role, IPAddress? Address, int Port, bool IsLocalhost = false);
