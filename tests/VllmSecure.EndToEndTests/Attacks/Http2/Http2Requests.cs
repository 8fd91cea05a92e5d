using System.Text;
using VllmSecure.EndToEndTests.Attacks.Http1;

namespace VllmSecure.EndToEndTests.Attacks.Http2;

/// <summary>The pieces that cases are made of.</summary>
internal static class Http2Requests
{
    public static byte[] GoodBody { get; } = Encoding.ASCII.GetBytes(Requests.Good);

    public static (string Name, string Value)[] Pseudo { get; } =
        [(":method", "POST"), (":scheme", "https"), (":authority", "localhost"), (":path", Requests.Target)];

    public static (string Name, string Value)[] Rest { get; } = [("authorization", $"Bearer {AttackedProxy.Key}"), ("content-type", "application/json")];

    /// <summary>The headers of a request in order.</summary>
    public static (string Name, string Value)[] Good { get; } = [.. Pseudo, .. Rest];

    /// <summary>The header block of a request in order.</summary>
    public static byte[] GoodBlock { get; } = Hpack.Encode(Good);

    /// <summary>A request in order with these header fields.</summary>
    public static Frame[] With(params (string Name, string Value)[] headers) => [Frame.Headers(1, Hpack.Encode(headers)), Frame.Data(1, GoodBody)];

    /// <summary>The good headers with one of them replaced.</summary>
    public static Frame[] Replacing(string name, string value) => With([.. Good.Select(header => header.Name == name ? (name, value) : header)]);

    public static Frame[] Without(string name) => With([.. Good.Where(header => header.Name != name)]);

    public static Frame[] Adding(string name, string value) => With([.. Good, (name, value)]);
}
