namespace VllmSecure.AppHost.SecureProxy;

/// <summary>What a client needs to be told, as a page for the dashboard.</summary>
internal static class ClientSetup
{
    /// <summary>
    /// The proxy's development authority, where it keeps it. Null when Aspire hands the proxy ASP.NET Core's developer
    /// certificate: a file of another run may be there all the same, and would be the wrong one.
    /// </summary>
    /// <param name="environment">What the proxy was started with.</param>
    public static string? FindDevelopmentAuthority(IEnumerable<EnvironmentVariableSnapshot> environment)
    {
        var values = environment.ToLookup(variable => variable.Name, variable => variable.Value, StringComparer.OrdinalIgnoreCase);
        if (values.Contains("Kestrel__Certificates__Default__Path"))
        {
            return null;
        }

        var data = values["DataDirectory"].LastOrDefault()
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "vllm-secure");
        var file = Path.Combine(data, "development", "ca.pem");
        return File.Exists(file) ? file : null;
    }

    /// <param name="address">The https endpoint.</param>
    /// <param name="key">The key.</param>
    /// <param name="model">The name to ask for.</param>
    /// <param name="authority">The file of the authority that made the certificate, or null.</param>
    public static string Text(Uri address, string key, string model, string? authority) => $$"""
        | setting | value |
        |---|---|
        | base URL | `{{address.GetLeftPart(UriPartial.Authority)}}/v1` |
        | API key | `{{key}}` |
        | model | `{{model}}` |

        ```sh
        export OPENAI_BASE_URL={{address.GetLeftPart(UriPartial.Authority)}}/v1
        export OPENAI_API_KEY={{Quoted(key)}}
        ```

        {{Trust(authority)}}
        """;

    private static string Trust(string? authority) => authority is null
        ? "The certificate is ASP.NET Core's developer certificate: what trusts that one trusts the proxy."
        : $"""
        The certificate is from a development authority of this machine. Clients need its file:

        ```sh
        export SSL_CERT_FILE={Quoted(authority)}        # Python, curl
        export NODE_EXTRA_CA_CERTS={Quoted(authority)}  # Node, VS Code's extensions
        ```
        """;

    /// <summary>As one word of a shell: on macOS the path has a space in it.</summary>
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
