using System.Text.Json;
using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost.Tests.Vllm;

public sealed class VllmHealthCheckTests
{
    [Theory]
    [InlineData("""{"data":[{"id":"other"},{"id":"m"}]}""", true)]
    [InlineData("""{"data":[{"id":"other"}]}""", false)]
    [InlineData("""{"data":[]}""", false)]
    [InlineData("""{"error":{"message":"no"}}""", false)]
    [InlineData("[]", false)]
    public void Lists_Answer_LooksForTheModel(string answer, bool expected)
    {
        using var models = JsonDocument.Parse(answer);

        Assert.Equal(expected, VllmHealthCheck.Lists(models.RootElement, "m"));
    }
}
