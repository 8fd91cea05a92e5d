namespace VllmSecure.Proxy.Routing;

/// <summary><c>Upstreams:&lt;name&gt;</c>: one vLLM server, or several behind one name.</summary>
internal sealed class UpstreamOptions
{
    /// <summary><c>http://host:port</c>, <c>https://host:port</c>, a service-discovery name such as <c>http://vllm</c>, or <c>unix:/path/of/socket</c>.</summary>
    public string? Address { get; set; }

    /// <summary>The key that this upstream asks for (<c>vllm serve --api-key</c>); clients never see it, and theirs never goes there.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The models it serves; empty: it is asked, by <c>/v1/models</c>.</summary>
    public IList<string> Models { get; } = [];

    /// <summary>Its share of the load beside the others'; 0: a standby, used when no other can serve.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>Whether plain HTTP may go to an address that is neither loopback nor private.</summary>
    public bool AllowPlainHttp { get; set; }

    /// <summary>PEM file of the authorities that may have issued its certificate, in place of the system's.</summary>
    public string? CertificateAuthority { get; set; }

    /// <summary>PEM file of the certificate (chain) that the proxy shows it.</summary>
    public string? ClientCertificate { get; set; }

    /// <summary>PEM file of the key of <see cref="ClientCertificate"/>; null: the same file.</summary>
    public string? ClientCertificateKey { get; set; }

    /// <summary><c>sha256/BASE64</c> of its public key (SubjectPublicKeyInfo): that key and no other, whoever issued its certificate.</summary>
    public string? PinnedKey { get; set; }
}
