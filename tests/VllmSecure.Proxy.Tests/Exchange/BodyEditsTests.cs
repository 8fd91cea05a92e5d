using System.Buffers;
using System.Text;
using CsCheck;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Tests.Inspection;

namespace VllmSecure.Proxy.Tests.Exchange;

public class BodyEditsTests
{
    [Fact]
    public void Apply_AnyEditsAnySplit_EqualsStringSurgery() =>
        Gen.Select(Gen.Byte.Array[1, 40], Gen.Int.Array[0, 5], Gen.Int[0, 39].Array[0, 6], Gen.Byte.Array[0, 5]).Sample(
            (body, cuts, bounds, replacement) =>
            {
                var edits = new BodyEdits();
                var expected = body.ToList();
                var ends = bounds.Select(bound => bound % (body.Length + 1)).Distinct().Order().ToArray();
                for (var i = ends.Length / 2 * 2 - 2; i >= 0; i -= 2)
                {
                    var (start, end) = (ends[i], ends[i + 1]);
                    edits.Set(new BodyRange(start, end - start), "", replacement);
                    expected.RemoveRange(start, end - start);
                    expected.InsertRange(start, replacement);
                }

                Assert.Equal(expected, edits.Apply(Segments.Of(body, cuts)).ToArray());
            });

    [Fact]
    public void Set_Overlapping_Throws()
    {
        var edits = new BodyEdits();
        edits.Set(new BodyRange(2, 4), "", default);

        Assert.Throws<InvalidOperationException>(() => edits.Set(new BodyRange(5, 2), "", default));
    }

    [Fact]
    public void Set_InsertionBeforeReplacementAtOnePlace_KeepsBoth()
    {
        var edits = new BodyEdits();
        edits.Set(new BodyRange(1, 1), "", "X"u8.ToArray());
        edits.Set(new BodyRange(1, 0), "a", "1"u8.ToArray());
        edits.Set(new BodyRange(1, 0), "b", "2"u8.ToArray());
        edits.Set(new BodyRange(1, 0), "a", "3"u8.ToArray());

        Assert.Equal("_32X_", Encoding.UTF8.GetString(edits.Apply(new ReadOnlySequence<byte>("___"u8.ToArray())).ToArray()));
    }
}
