using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

public class TokenizerTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Hello, big world", "Hello|,| big| world")]
    [InlineData("  two", "  |two")]
    [InlineData("日本語 🚀!", "日本語| 🚀|!")]
    [InlineData("abcdefghijklmnopqrs", "abcdefghijklmnop|qrs")]
    [InlineData("end ", "end| ")]
    public void Split_Text_GivesPiecesThatJoinToIt(string text, string pieces)
    {
        Assert.Equal(pieces, string.Join('|', SimulatedTokenizer.Split(text)));
        Assert.Equal(text, string.Concat(SimulatedTokenizer.Split(text)));
    }

    [Fact]
    public async Task Tokenize_AndDetokenize_AreInverse()
    {
        await using var client = await SimulatorClient.StartAsync();
        var tokens = await client.PostOkAsync("/tokenize", """{"model":"m","prompt":"Größe, 🚀 ok"}""");
        Assert.Equal(4, (int)tokens["count"]!);
        var text = await client.PostOkAsync("/detokenize", $$"""{"model":"m","tokens":{{tokens["tokens"]!.ToJsonString()}}}""");
        Assert.Equal("Größe, 🚀 ok", (string?)text["prompt"]);
    }
}
