using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Inspection;
using VllmSecure.Proxy.Routing.Balancing;

namespace VllmSecure.Proxy.Tests.Routing.Balancing;

public sealed class PromptBlocksTests
{
    [Fact]
    public void Of_TheNextTurn_BeginsWithTheBlocksOfTheLast()
    {
        var first = Blocks("m", Message("system", 400), Message("user", 100));
        var second = Blocks("m", Message("system", 400), Message("user", 100), Message("assistant", 300), Message("user", 50));

        // The last block of the first turn may hold the bracket behind it.
        Assert.InRange(first.Length, 8, 10);
        Assert.Equal(first[..^1], second[..(first.Length - 1)]);
        Assert.True(second.Length > first.Length);
    }

    [Fact]
    public void Of_AnotherModelOrBeginning_SharesNothing()
    {
        var blocks = Blocks("m", Message("user", 500));

        Assert.Empty(blocks.Intersect(Blocks("n", Message("user", 500))));
        Assert.Empty(blocks.Intersect(Blocks("m", Message("system", 500))));
    }

    /// <summary>Keys with a salt of their own share nothing in the engine's cache.</summary>
    [Fact]
    public void Of_AnotherSalt_SharesNothing()
    {
        var body = Body(Message("user", 500));
        var blocks = PromptBlocks.Of(body, "m", "a");

        Assert.Equal(blocks, PromptBlocks.Of(body, "m", "a"));
        Assert.Empty(blocks.Intersect(PromptBlocks.Of(body, "m", "b")));
        Assert.Empty(blocks.Intersect(PromptBlocks.Of(body, "m")));
    }

    [Fact]
    public void Of_AHugePrompt_IsBounded() => Assert.Equal(1024, Blocks("m", Message("user", 1_000_000)).Length);

    [Fact]
    public void Of_NoBody_IsEmpty() => Assert.Empty(PromptBlocks.Of(null, "m"));

    private static string Message(string role, int length) => $$"""{"role":"{{role}}","content":"{{new string('x', length)}}"}""";

    private static ulong[] Blocks(string model, params string[] messages) => PromptBlocks.Of(Body(messages), model);

    private static RequestBody Body(params string[] messages)
    {
        var bytes = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes($$"""{"model":"ignored","messages":[{{string.Join(',', messages)}}]}"""));
        var scan = RequestScanner.Scan(bytes, new InspectionOptions());
        Assert.Null(scan.Error);
        return new RequestBody(new DefaultHttpContext().Request, bytes, scan.Root, scan.Members);
    }
}
