namespace VllmSecure.Proxy.Inspection;

/// <summary>What <see cref="JsonSkimmer"/> finds, each with its <see cref="AnswerPath"/>.</summary>
internal interface IJsonSink
{
    void OnOpen(ulong path, bool isObject);

    /// <param name="path">Where it stands.</param>
    /// <param name="text">Its bytes with escapes as written, where the path is one that is read; else empty.</param>
    /// <param name="isEmpty">Whether it is <c>""</c>.</param>
    void OnString(ulong path, ReadOnlySpan<byte> text, bool isEmpty);

    /// <summary>A number, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    void OnLiteral(ulong path, ReadOnlySpan<byte> text);
}
