using System.Text;
using CsCheck;
using VllmSecure.Proxy.Inspection;

namespace VllmSecure.Proxy.Tests.Inspection;

public class EventFilterTests
{
    private const string Token = """data: {"choices":[{"index":0,"delta":{"content":"漢 \"x\""}}]}""";
    private const string Finish = """data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    private const string Usage = """data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}""";
    private const string Done = "data: [DONE]";

    private static readonly string[] LineEnds = ["\n", "\r\n", "\r"];

    [Fact]
    public void Filter_AnySplitAnyLineEnd_RemovesTheUsageEventWholeAndNothingElse() =>
        Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Int.Array[0, 12]).Sample((lineEnd, hide, cuts) =>
        {
            var end = LineEnds[lineEnd];
            var (stream, expected) = (Join(Token, ": c", Token, Finish, Usage, Done), Join(Token, ": c", Token, Finish, Done));
            var answer = new AnswerReader();

            var passed = Run(new EventFilter(answer, hide), stream, cuts);

            Assert.Equal(hide ? expected : stream, passed);
            Assert.Equal(3, answer.Usage?.Input);

            string Join(params string[] events) => string.Concat(events.Select(e => e + end + end));
        });

    [Fact]
    public void Filter_UsageBeforeEveryChoiceHasFinished_Passes()
    {
        // Continuous usage of another server: not the event that was asked for.
        var stream = $"{Token}\n\n{Usage}\n\n{Finish}\n\n{Done}\n\n";

        Assert.Equal(stream, Run(new EventFilter(new AnswerReader(), hideUsage: true), stream, []));
    }

    [Fact]
    public void Filter_BeforeTheFinish_HoldsNothingBack()
    {
        var filter = new EventFilter(new AnswerReader(), hideUsage: true);
        foreach (var value in Encoding.UTF8.GetBytes($"{Token}\n\n{Finish}\n"))
        {
            Assert.Equal([value], filter.Filter(new[] { value }).ToArray());
        }
    }

    [Fact]
    public void Filter_AfterTheFinish_HoldsAtMostOneEvent()
    {
        var filter = new EventFilter(new AnswerReader(), hideUsage: true);
        filter.Filter(Encoding.UTF8.GetBytes($"{Finish}\n\n"));

        Assert.True(filter.Filter("data: [DO"u8.ToArray()).IsEmpty);
        Assert.True(filter.IsBetweenEvents);
        Assert.Equal("data: [DONE]\n\n", Encoding.UTF8.GetString(filter.Filter("NE]\n\n"u8.ToArray()).Span));
    }

    [Fact]
    public void Filter_HugeEventAfterTheFinish_PassesInPieces()
    {
        var stream = $"{Finish}\n\ndata: {{\"x\":\"{new string('x', 100_000)}\"}}\n\n{Usage}\n\n";

        var passed = Run(new EventFilter(new AnswerReader(), hideUsage: true), stream, Enumerable.Range(1, 100).Select(i => i * 1000));

        Assert.Equal(stream[..^(Usage.Length + 2)], passed);
    }

    [Fact]
    public void End_StreamCutWithinAHeldEvent_GivesItsBytes()
    {
        var stream = $"{Finish}\n\ndata: {{\"choices\":[],\"usa";

        Assert.Equal(stream, Run(new EventFilter(new AnswerReader(), hideUsage: true), stream, []));
    }

    [Fact]
    public void Filter_SteadyState_AllocatesNothing()
    {
        var filter = new EventFilter(new AnswerReader(), hideUsage: true);
        ReadOnlyMemory<byte> chunk = Encoding.UTF8.GetBytes($"{Token}\n\n");
        filter.Filter(chunk);

        // The least of several rounds: the runtime allocates on any thread now and then, as when pools were trimmed.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                filter.Filter(chunk);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));
    }

    private static string Run(EventFilter filter, string stream, params IEnumerable<int> cuts)
    {
        using var passed = new MemoryStream();
        foreach (var memory in Segments.Of(Encoding.UTF8.GetBytes(stream), cuts))
        {
            passed.Write(filter.Filter(memory).Span);
        }

        passed.Write(filter.End().Span);
        return Encoding.UTF8.GetString(passed.ToArray());
    }
}
