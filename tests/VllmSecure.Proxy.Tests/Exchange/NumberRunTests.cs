using System.Text;
using System.Text.Json;
using CsCheck;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Tests.Inspection;

namespace VllmSecure.Proxy.Tests.Exchange;

public class NumberRunTests
{
    [Fact]
    public void Skip_AnyListAnySplit_SeesEachNumberOnce() =>
        Gen.Select(Gen.Int[0, 200_000].Array[0, 3000], Gen.Bool, Gen.Int.Array[0, 8]).Sample(
            (ids, spaced, cuts) =>
            {
                var list = string.Join(spaced ? ", " : ",", ids);
                Assert.Equal(ids.Length, Count($"[{list}]", cuts, out _));
            },
            iter: 500);

    [Theory]
    [InlineData(",")]
    [InlineData(", ")]
    public void Skip_LongList_PassesOverNearlyAll(string separator)
    {
        var list = $"[{string.Join(separator, Enumerable.Range(0, 10_000))}]";
        Count(list, [], out var stops);
        Assert.True(stops < 50, $"{stops} stops");
    }

    [Theory]
    [InlineData("1,1,,1")]
    [InlineData("1,01,1")]
    [InlineData("1, 01,1")]
    [InlineData("1 1")]
    [InlineData("1,1,  2,1 3")]
    public void Skip_WrongWithinALongList_IsStillFound(string wrong)
    {
        var ones = string.Concat(Enumerable.Repeat("1,", 500));
        Assert.ThrowsAny<JsonException>(() => Count($"[{ones}{wrong},{ones}1]", [], out _));
    }

    private static int Count(string json, int[] cuts, out int stops)
    {
        var body = Segments.Of(Encoding.UTF8.GetBytes(json), cuts);
        var reader = new Utf8JsonReader(body);
        var run = new NumberRun(body);
        var count = 0;
        stops = 0;
        while (reader.Read())
        {
            stops++;
            count += reader.TokenType == JsonTokenType.Number ? 1 : 0;
            count += run.Skip(ref reader);
        }

        Assert.Equal(body.Length, run.Start + reader.BytesConsumed);
        return count;
    }
}
