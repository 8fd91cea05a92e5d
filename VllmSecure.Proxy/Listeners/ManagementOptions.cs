namespace VllmSecure.Proxy.Listeners;

/// <summary><c>Management</c>: the port for health, metrics and status. It has no authentication, hence loopback.</summary>
internal sealed class ManagementOptions
{
    public const string Section = "Management";

    /// <summary>The IP address to bind; loopback unless a private network needs it.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; set; } = 9464;
}
