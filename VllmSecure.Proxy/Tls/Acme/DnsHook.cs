namespace VllmSecure.Proxy.Tls.Acme;

/// <summary><c>Tls:Acme:Dns</c>: the program that sets TXT records for dns-01.</summary>
internal sealed class DnsHook
{
    /// <summary>Called as <c>HOOK set|remove NAME VALUE</c>; exit code 0 once the record is there (or gone).</summary>
    public string? Hook { get; set; }

    /// <summary>Seconds to wait after <c>set</c>, for a hook that returns before the record has spread.</summary>
    public int WaitSeconds { get; set; }
}
