namespace VllmSecure.Proxy.Exchange;

/// <summary>What a listener serves. It is a property of the socket a connection came in on, so no request header can change it.</summary>
internal enum ListenerRole
{
    /// <summary>HTTPS: the API of vLLM.</summary>
    Inference,

    /// <summary>Plain HTTP: redirects to HTTPS and ACME HTTP-01 answers (RFC 8555 section 8.3), nothing else.</summary>
    Redirect,

    /// <summary>Loopback or private: health, metrics, status; never inference.</summary>
    Management,
}
