namespace VllmSecure.Proxy.Cors;

/// <summary><c>Cors</c>: which web pages may call the API from a browser (Fetch standard, section 3.2).</summary>
internal sealed class CorsOptions
{
    public const string Section = "Cors";

    /// <summary>Origins such as <c>https://chat.example.org</c>; <c>*</c> for any. None by default.</summary>
    public IList<string> AllowedOrigins { get; init; } = [];
}
