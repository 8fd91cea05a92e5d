using System.Globalization;
using System.Net;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Listeners;

/// <summary>Turns the configured ports and addresses into the sockets to open. Pure: configuration in, list or errors out.</summary>
internal static class ListenerPlan
{
    /// <summary>The default HTTPS port: needs no privilege, unlike 443.</summary>
    public const int DefaultHttpsPort = 8443;

    /// <summary>The default port for redirects and ACME HTTP-01.</summary>
    public const int DefaultHttpPort = 8080;

    /// <summary>The inference and redirect listeners; every mistake is added to <paramref name="errors"/>.</summary>
    public static IReadOnlyList<ListenerEndpoint> Create(ListenerOptions options, ICollection<string> errors)
    {
        if (!string.IsNullOrWhiteSpace(options.Urls))
        {
            return FromUrls(options.Urls, errors);
        }

        var https = options.HttpsPorts ?? DefaultHttpsPort.ToString(CultureInfo.InvariantCulture);
        var http = options.HttpPorts ?? DefaultHttpPort.ToString(CultureInfo.InvariantCulture);
        var endpoints = new List<ListenerEndpoint>();
        AddPorts("HTTPS_PORTS", https, ListenerRole.Inference, endpoints, errors);
        AddPorts("HTTP_PORTS", http, ListenerRole.Redirect, endpoints, errors);
        RequireHttps(endpoints, "HTTPS_PORTS", errors);
        return endpoints;
    }

    private static void AddPorts(
        string key, string ports, ListenerRole role, List<ListenerEndpoint> endpoints, ICollection<string> errors)
    {
        foreach (var text in ports.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort)
            {
                endpoints.Add(new ListenerEndpoint(role, Address: null, port));
            }
            else
            {
                errors.Add($"{key}: '{text}' is not a port. Give numbers from 0 (a free port) to 65535, separated by ';'.");
            }
        }
    }

    private static List<ListenerEndpoint> FromUrls(string urls, ICollection<string> errors)
    {
        var endpoints = new List<ListenerEndpoint>();
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            BindingAddress address;
            try
            {
                address = BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                errors.Add($"ASPNETCORE_URLS: '{url}' is not an address such as https://0.0.0.0:8443.");
                continue;
            }

            var isHttps = string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);
            if ((!isHttps && !string.Equals(address.Scheme, Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase))
                || address.IsUnixPipe || address.IsNamedPipe || address.Port is < 0 or > IPEndPoint.MaxPort)
            {
                errors.Add($"ASPNETCORE_URLS: '{url}' is not http or https on a port from 0 (a free port) to 65535, such as https://0.0.0.0:8443.");
                continue;
            }

            var isLocalhost = string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase);

            // As in Kestrel: a host that is no IP address and not localhost means every address.
            _ = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip);
            endpoints.Add(new ListenerEndpoint(isHttps ? ListenerRole.Inference : ListenerRole.Redirect, ip, address.Port, isLocalhost));
        }

        RequireHttps(endpoints, "ASPNETCORE_URLS", errors);
        return endpoints;
    }

    private static void RequireHttps(List<ListenerEndpoint> endpoints, string key, ICollection<string> errors)
    {
        if (endpoints.TrueForAll(endpoint => endpoint.Role != ListenerRole.Inference))
        {
            errors.Add($"{key}: no HTTPS listener is left. The API is served over HTTPS only: give one https address or port.");
        }
    }
}
