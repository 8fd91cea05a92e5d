using System.Buffers;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Inspection;

namespace VllmSecure.Proxy.Tests.Inspection;

public class PooledBodyTests
{
    [Fact]
    public void Read_AfterReturn_ThrowsInsteadOfReadingForeignBytes()
    {
        var body = new PooledBody(Budget(long.MaxValue));
        Fill(body, 100);
        var content = body.Complete();
        body.Dispose();

        Assert.Throws<ObjectDisposedException>(() => body.Read(content, 0, new byte[10]));
    }

    [Fact]
    public void Dispose_SequenceStillKnown_KeepsNoArray()
    {
        var body = new PooledBody(Budget(long.MaxValue));
        Fill(body, 3_000_000);
        var content = body.Complete();
        body.Dispose();

        for (var segment = (ReadOnlySequenceSegment<byte>?)content.Start.GetObject(); segment is not null; segment = segment.Next)
        {
            Assert.True(segment.Memory.IsEmpty);
        }
    }

    [Fact]
    public void Dispose_Twice_GivesTheBudgetBackOnce()
    {
        var budget = Budget(long.MaxValue);
        var body = new PooledBody(budget);
        Fill(body, 3_000_000);
        Assert.InRange(budget.Used, 3_000_000, 6_500_000);

        body.Dispose();
        body.Dispose();

        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public void TryGetMemory_BudgetSpent_Refuses()
    {
        var budget = Budget(PooledBody.LargestSegment);
        using var first = new PooledBody(budget);
        using var second = new PooledBody(budget);

        Assert.True(first.TryGetMemory(PooledBody.LargestSegment, out _));
        Assert.False(second.TryGetMemory(null, out _));
        first.Dispose();
        Assert.True(second.TryGetMemory(null, out _));
    }

    [Fact]
    public void TryGetMemory_HugeAnnouncement_TakesOneSegmentOnly()
    {
        var budget = Budget(long.MaxValue);
        using var body = new PooledBody(budget);

        Assert.True(body.TryGetMemory(64_000_000, out _));

        Assert.Equal(PooledBody.LargestSegment, budget.Used);
    }

    [Fact]
    public void Complete_ManySegments_KeepsTheBytesInOrder()
    {
        using var body = new PooledBody(Budget(long.MaxValue));
        Fill(body, 5_000_000);

        var index = 0;
        foreach (var value in body.Complete().ToArray())
        {
            Assert.Equal((byte)(index++ % 251), value);
        }

        Assert.Equal(5_000_000, index);
    }

    [Fact]
    public void Complete_LastSegmentUnused_LeavesItOut()
    {
        using var body = new PooledBody(Budget(long.MaxValue));
        Fill(body, PooledBody.SmallestSegment);
        Assert.True(body.TryGetMemory(null, out _));

        Assert.True(body.Complete().IsSingleSegment);
    }

    private static BodyBudget Budget(long bytes) => new(Options.Create(new InspectionOptions { MaxBufferedBytes = bytes }));

    private static void Fill(PooledBody body, int length)
    {
        while (body.Length < length)
        {
            Assert.True(body.TryGetMemory(null, out var memory));
            var count = (int)Math.Min(memory.Length, length - body.Length);
            for (var i = 0; i < count; i++)
            {
                memory.Span[i] = (byte)((body.Length + i) % 251);
            }

            body.Advance(count);
        }
    }
}
