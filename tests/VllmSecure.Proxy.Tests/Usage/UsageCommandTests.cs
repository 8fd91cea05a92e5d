using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Usage;

namespace VllmSecure.Proxy.Tests.Usage;

public sealed class UsageCommandTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("usage-");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly UsageFile _file;

    public UsageCommandTests()
    {
        _file = new UsageFile(new DataDirectory(Options.Create(new StorageOptions { DataDirectory = _directory.FullName })));
        _file.Write(
        [
            new UsageRow(new DateOnly(2026, 3, 4), "alice", "big") { Requests = 12, InputTokens = 3456, CachedInputTokens = 400, OutputTokens = 78 },
            new UsageRow(new DateOnly(2026, 3, 4), "bob", "small") { Requests = 1, RequestsWithoutUsage = 1 },
            new UsageRow(new DateOnly(2026, 1, 1), "alice", "big") { Requests = 9 },
        ]);
    }

    [Fact]
    public void Run_NoOptions_PrintsTheLastMonthAsATable()
    {
        var (code, output) = Run();

        Assert.Equal(0, code);
        Assert.Equal(
            """
            day         key    model  requests  input  cached  output  no usage
            2026-03-04  alice  big          12   3456     400      78         0
            2026-03-04  bob    small         1      0       0       0         1
            total                           13   3456     400      78         1

            """,
            output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Run_JsonWithFilters_PrintsTheRows()
    {
        var (code, output) = Run("--json", "--key", "alice", "--model", "big", "--days", "400");

        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        Assert.Equal([12L, 9L], json.RootElement.EnumerateArray().Select(row => row.GetProperty("requests").GetInt64()));
        Assert.Equal("2026-03-04", json.RootElement[0].GetProperty("day").GetString());
    }

    [Fact]
    public void Run_NothingRecorded_SaysSo()
    {
        File.Delete(Path.Combine(_directory.FullName, "usage.json"));

        Assert.Equal((0, "No usage is recorded." + Environment.NewLine), Run());
    }

    [Fact]
    public void Run_DamagedFile_Fails()
    {
        File.WriteAllText(Path.Combine(_directory.FullName, "usage.json"), "{");

        Assert.Equal(1, Run().Code);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("3651")]
    [InlineData("2147483647")]
    [InlineData("-2147483648")]
    public void Run_DaysThatNoCalendarHas_SaysSoAndFails(string days) => Assert.Equal((1, ""), Run("--days", days));

    public void Dispose() => _directory.Delete(recursive: true);

    private (int Code, string Output) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        var command = new UsageCommand(_file, _clock).Create();
        var code = command.Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = TextWriter.Null });
        return (code, output.ToString());
    }
}
