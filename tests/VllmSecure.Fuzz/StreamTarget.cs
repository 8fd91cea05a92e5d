using VllmSecure.Proxy.Inspection;

namespace VllmSecure.Fuzz;

/// <summary>
/// An answer's stream: no exception, the same bytes and facts however it is cut, and nothing is lost when nothing is to be
/// hidden. The first byte is the length of the pieces.
/// </summary>
internal static class StreamTarget
{
    public static void Run(byte[] input)
    {
        if (input.Length < 2)
        {
            return;
        }

        var stream = input[1..];
        var (plain, _) = Filter(stream, input[0], hideUsage: false);
        FuzzFindingException.ThrowIf(!plain.AsSpan().SequenceEqual(stream), "bytes were changed");

        var (whole, wholeAnswer) = Filter(stream, 0, hideUsage: true);
        var (cut, cutAnswer) = Filter(stream, input[0], hideUsage: true);
        FuzzFindingException.ThrowIf(!whole.AsSpan().SequenceEqual(cut), "the split changed the bytes");
        FuzzFindingException.ThrowIf(
            wholeAnswer.Usage != cutAnswer.Usage || wholeAnswer.Model != cutAnswer.Model || wholeAnswer.FinishReason != cutAnswer.FinishReason,
            "the split changed the facts");
    }

    private static (byte[] Passed, AnswerReader Answer) Filter(byte[] stream, int length, bool hideUsage)
    {
        var answer = new AnswerReader();
        var filter = new EventFilter(answer, hideUsage);
        using var passed = new MemoryStream();
        foreach (var piece in Pieces.Of(stream, length))
        {
            passed.Write(filter.Filter(piece).Span);
        }

        passed.Write(filter.End().Span);
        return (passed.ToArray(), answer);
    }
}
