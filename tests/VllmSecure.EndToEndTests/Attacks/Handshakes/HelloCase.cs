namespace VllmSecure.EndToEndTests.Attacks.Handshakes;

/// <summary>The first bytes of a connection, and what comes back: <c>hello</c>, <c>alert</c>, or <c>closed</c> without a word.</summary>
/// <param name="Name">Says what is wrong with them.</param>
/// <param name="Bytes">What is sent.</param>
/// <param name="Outcome">The first record that comes back.</param>
/// <param name="Ends">Whether nothing more comes: what is incomplete is waited for otherwise (Limits:HandshakeTimeoutSeconds).</param>
internal sealed record HelloCase(string Name, byte[] Bytes, string Outcome, bool Ends = false);
