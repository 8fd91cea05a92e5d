namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>The pieces that cases are made of.</summary>
internal static class Requests
{
    public const string Target = "/v1/chat/completions";

    /// <summary>The body of a request that is in order.</summary>
    public const string Good = """{"model":"test-model","messages":[{"role":"user","content":"good"}]}""";

    /// <summary>The body of the request that ends each connection, to see whether the one before has changed how it is read.</summary>
    public const string ProbeBody = """{"model":"test-model","messages":[{"role":"user","content":"probe"}]}""";

    /// <summary>Who sends it, and what.</summary>
    public const string Credentials = $"Host: localhost\r\nAuthorization: Bearer {AttackedProxy.Key}\r\nContent-Type: application/json\r\n";

    /// <summary>What an attacker wants vLLM to see: an administration endpoint, without a key.</summary>
    public const string Smuggled = "POST /v1/load_lora_adapter HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";

    public static string Probe { get; } = Post(Length(ProbeBody) + "Connection: close\r\n", ProbeBody);

    public static string Ok { get; } = Post(Length(Good), Good);

    public static string Length(string body) => FormattableString.Invariant($"Content-Length: {body.Length}\r\n");

    /// <summary>A request in order but for its framing, further headers and body.</summary>
    public static string Post(string headers, string body) => $"POST {Target} HTTP/1.1\r\n{Credentials}{headers}\r\n{body}";

    public static string PostChunks(string chunks) => Post("Transfer-Encoding: chunked\r\n", chunks);

    /// <summary>The body as one chunk, and the last chunk.</summary>
    public static string Chunked(string body) => FormattableString.Invariant($"{body.Length:x}\r\n{body}\r\n0\r\n\r\n");
}
