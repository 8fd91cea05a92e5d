namespace VllmSecure.Proxy.Routing.Administration;

/// <summary>Where the management listener of the running proxy is, by the configuration that a command shares with it.</summary>
internal sealed record ManagementAddress(Uri Uri);
