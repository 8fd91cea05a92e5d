namespace VllmSecure.Proxy.Tls.Acme;

/// <summary><c>Tls:Acme</c>: certificates from an authority that speaks ACME (RFC 8555).</summary>
internal sealed class AcmeOptions
{
    public const string Section = "Tls:Acme";

    /// <summary>What to get certificates for, one certificate each: DNS names, wildcards (by dns-01) and IP addresses (RFC 8738).</summary>
    public IList<string> Domains { get; } = [];

    /// <summary>Where the CA may write to about the account; optional.</summary>
    public string? Email { get; set => field = Given(value); }

    /// <summary>The operator has read and accepts the terms of every CA in <see cref="Directories"/>.</summary>
    public bool AcceptTermsOfService { get; set; }

    /// <summary>
    /// Directory URLs of CAs, tried in order. Default: Let's Encrypt, in Production its real one and elsewhere its staging
    /// one. The list replaces the default, as binding would append to an initialised one.
    /// </summary>
    public IList<string> Directories { get; } = [];

    /// <summary>A CA to try first after a failure, so that repeated failures do not use up the real one's limits. Default: Let's Encrypt's staging for Let's Encrypt.</summary>
    public string? StagingDirectory { get; set => field = Given(value); }

    /// <summary>PEM file of the root that signed a private CA's own HTTPS certificate; default: the system's roots.</summary>
    public string? DirectoryRoot { get; set => field = Given(value); }

    /// <summary>The CA's profile, such as <c>tlsserver</c> or <c>shortlived</c>; IP addresses get <c>shortlived</c> by themselves where it is offered.</summary>
    public string? Profile { get; set => field = Given(value); }

    /// <summary>The account at the CA that ours is bound to, where the CA wants that (RFC 8555 section 7.3.4).</summary>
    public ExternalAccount ExternalAccount { get; set; } = new();

    /// <summary>Challenges in the order to try: <c>http-01</c>, <c>tls-alpn-01</c>, <c>dns-01</c>. Default: the first two, and dns-01 where a hook is set.</summary>
    public IList<string> Challenges { get; } = [];

    /// <summary>How dns-01 sets its records.</summary>
    public DnsHook Dns { get; set; } = new();

    /// <summary>An optional setting that an environment file leaves empty arrives as <c>""</c>: it is not given.</summary>
    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
