namespace VllmSecure.Proxy.Exchange;

/// <summary>A splice: these bytes in place of that range (an empty range inserts).</summary>
/// <param name="Range">What goes.</param>
/// <param name="Key">Tells insertions at one place apart; the name of the member that is inserted.</param>
/// <param name="Bytes">What comes, UTF-8.</param>
internal readonly record struct BodyEdit(BodyRange Range, string Key, ReadOnlyMemory<byte> Bytes);
