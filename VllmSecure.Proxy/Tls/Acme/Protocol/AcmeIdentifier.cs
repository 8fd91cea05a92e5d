using System.Net;

namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>What a certificate is for: a DNS name (RFC 8555 section 9.7.7) or an IP address (RFC 8738).</summary>
/// <param name="Type"><see cref="Dns"/> or <see cref="Ip"/>.</param>
/// <param name="Value">The name in lower case, in its ASCII form, or the address in its canonical form.</param>
internal sealed record AcmeIdentifier(string Type, string Value)
{
    public const string Dns = "dns";
    public const string Ip = "ip";

    public bool IsAddress => Type == Ip;

    public bool IsWildcard => Value.StartsWith("*.", StringComparison.Ordinal);

    public override string ToString() => Value;

    /// <summary>Reads what an operator wrote; null where it is neither a name that a certificate can carry nor an address.</summary>
    public static AcmeIdentifier? TryParse(string? text)
    {
        var value = (text ?? "").Trim().TrimEnd('.').ToLowerInvariant();
        if (IPAddress.TryParse(value.Trim('[', ']'), out var address))
        {
            return new AcmeIdentifier(Ip, address.ToString());
        }

        var (prefix, name) = value.StartsWith("*.", StringComparison.Ordinal) ? ("*.", value[2..]) : ("", value);
        try
        {
            var ascii = new System.Globalization.IdnMapping { UseStd3AsciiRules = true }.GetAscii(name);
            return Uri.CheckHostName(ascii) == UriHostNameType.Dns ? new AcmeIdentifier(Dns, prefix + ascii) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
