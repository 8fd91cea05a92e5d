namespace VllmSecure.Proxy.Tls;

/// <summary>A certificate that cannot be used; the message is one sentence for the operator, with the fix.</summary>
internal sealed class CertificateSourceException : Exception
{
    public CertificateSourceException(string message)
        : base(message)
    {
    }

    public CertificateSourceException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
