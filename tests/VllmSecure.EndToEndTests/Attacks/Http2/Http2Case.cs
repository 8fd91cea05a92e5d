namespace VllmSecure.EndToEndTests.Attacks.Http2;

/// <summary>Frames that a peer should not send, and what becomes of stream 1 (<see cref="RawHttp2.OutcomeAsync"/>).</summary>
internal sealed record Http2Case(string Name, Frame[] Frames, string Outcome);
