namespace VllmSecure.AppHost.SecureProxy;

/// <summary>What a client needs to be told, as a page for the dashboard.</summary>
internal static class ClientSetup
{
    public static string Text(Uri address, string key, string model) => $$"""
        | setting | value |
        |---|---|
        | base URL | `{{address.GetLeftPart(UriPartial.Authority)}}/v1` |
        | API key | `{{key}}` |
        | model | `{{model}}` |

        ```sh
        export OPENAI_BASE_URL={{address.GetLeftPart(UriPartial.Authority)}}/v1
        export OPENAI_API_KEY={{key}}
        ```

        The certificate is a development one. A client on this machine that trusts ASP.NET Core's developer certificate
        trusts it too; any other needs its authority's file.
        """;
}
