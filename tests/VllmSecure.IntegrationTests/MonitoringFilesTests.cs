using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Telemetry;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>The dashboard and the alert rules ask for metrics and labels that the proxy really has.</summary>
[Collection(WholeProcess.Name)]
public sealed partial class MonitoringFilesTests
{
    /// <summary>What queries may compare a label with. Prometheus writes booleans in lower case.</summary>
    private static readonly HashSet<string> Values =
    [
        .. Enum.GetValues<ExchangeOutcome>().Select(OutcomeNames.Of), GenAiConventions.OutputType, "invalid_api_key", "false",
    ];

    private static readonly string Operations = Path.Combine(RepositoryRoot(), "docs", "operations");

    [Fact]
    public async Task Dashboard_EveryQuery_AsksForWhatThereIs()
    {
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Operations, "grafana-dashboard.json")));
        var queries = Strings(dashboard.RootElement, "expr").Concat(Strings(dashboard.RootElement, "query")).Where(query => query.Contains('(', StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(queries);
        AssertAllThere(queries, await MetricsAsync());
    }

    [Fact]
    public async Task Alerts_EveryRule_AsksForWhatThereIs()
    {
        var rules = await File.ReadAllTextAsync(Path.Combine(Operations, "prometheus-alerts.yml"));
        var queries = AlertExpression().Matches(rules).Select(match => match.Groups["expr"].Value).ToList();

        Assert.Equal(Regex.Count(rules, "- alert:", RegexOptions.None, TimeSpan.FromSeconds(1)), queries.Count);
        AssertAllThere(queries, await MetricsAsync());
    }

    [Fact]
    public async Task Documentation_EveryMetricOfOurs_IsInTheTable()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Operations, "observability.md"));
        var names = Names().ToHashSet(StringComparer.Ordinal);

        await foreach (var name in InstrumentNamesAsync())
        {
            Assert.Contains($"`{name}`", page, StringComparison.Ordinal);
            Assert.Contains(name, names);
        }
    }

    private static void AssertAllThere(IEnumerable<string> queries, HashSet<string> metrics)
    {
        var labels = Names().Select(name => name.Replace('.', '_')).Append("le").ToHashSet(StringComparer.Ordinal);
        foreach (var query in queries)
        {
            foreach (var label in LabelsOf(query))
            {
                Assert.True(labels.Contains(label), $"There is no label {label}: {query}");
            }

            foreach (var value in ValuesOf(query))
            {
                Assert.True(Values.Contains(value), $"No label ever has the value {value}: {query}");
            }

            foreach (var metric in MetricsOf(query))
            {
                Assert.True(metrics.Contains(metric), $"There is no metric {metric}: {query}");
            }
        }
    }

    private static IEnumerable<string> ValuesOf(string query) =>
        Matcher().Matches(query).SelectMany(match => match.Groups["values"].Value.Split('|')).Where(value => value is not ("" or "$model"));

    private static IEnumerable<string> LabelsOf(string query) =>
        Matcher().Matches(query).Select(match => match.Groups["label"].Value)
            .Concat(Grouping().Matches(query).SelectMany(match => match.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries)))
            .Concat(LabelValues().Matches(query).Select(match => match.Groups["label"].Value));

    /// <summary>What is left of a query without its labels, strings and functions.</summary>
    private static IEnumerable<string> MetricsOf(string query)
    {
        var rest = LabelValues().Replace(query, "${metric}");
        rest = Grouping().Replace(Braces().Replace(rest, ""), "(");
        return Identifier().Matches(rest).Select(match => match.Value).Where(name => name.Contains('_', StringComparison.Ordinal));
    }

    /// <summary>The names in <c>/metrics</c> after every instrument has been used once: the exporter's own spelling.</summary>
    private static async Task<HashSet<string>> MetricsAsync()
    {
        var instruments = new List<Instrument>();
        using var listener = Listen(instruments);
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var response = await proxy.Client.SendAsync(ChatRequests.Chat(stream: true));
        instruments.ForEach(Touch);
        using var client = new HttpClient { BaseAddress = proxy.Addresses.Management };
        var samples = PrometheusText.Parse(await client.GetStringAsync("/metrics"));
        return samples.Select(sample => sample.Name).ToHashSet(StringComparer.Ordinal);
    }

    private static async IAsyncEnumerable<string> InstrumentNamesAsync()
    {
        var instruments = new List<Instrument>();
        using var listener = Listen(instruments);
        await using var proxy = await ProxyUnderTest.StartAsync();
        foreach (var name in instruments.Select(instrument => instrument.Name).Distinct(StringComparer.Ordinal))
        {
            yield return name;
        }
    }

    private static MeterListener Listen(List<Instrument> instruments)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == TelemetryNames.Meter)
                {
                    instruments.Add(instrument);
                }
            },
        };
        listener.Start();
        return listener;
    }

    private static void Touch(Instrument instrument)
    {
        switch (instrument)
        {
            case Counter<long> counter:
                counter.Add(0);
                break;
            case UpDownCounter<long> counter:
                counter.Add(0);
                break;
            case Histogram<long> histogram:
                histogram.Record(0);
                break;
            case Histogram<double> histogram:
                histogram.Record(0);
                break;
        }
    }

    /// <summary>Every name of the telemetry kernel, where all of them are kept.</summary>
    private static IEnumerable<string> Names() =>
        from type in typeof(TelemetryNames).Assembly.GetTypes()
        where type.Namespace == typeof(TelemetryNames).Namespace
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
        where field is { IsLiteral: true } && field.FieldType == typeof(string)
        select (string)field.GetRawConstantValue()!;

    private static IEnumerable<string> Strings(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.NameEquals(name) && property.Value.ValueKind == JsonValueKind.String
                ? [property.Value.GetString()!]
                : Strings(property.Value, name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Strings(item, name)),
        _ => [],
    };

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "VllmSecure.sln")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException("No VllmSecure.sln above the tests.");
        }

        return directory.FullName;
    }

    [GeneratedRegex(@"expr: (\|\n)?(?<expr>(.|\n)*?)\n +(for|labels):", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AlertExpression();

    [GeneratedRegex(@"(?<label>[a-z_]+)(=~|!=|!~|=)""(?<values>[^""]*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Matcher();

    [GeneratedRegex(@"by \((?<labels>[^)]*)\) \(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Grouping();

    [GeneratedRegex(@"label_values\((?<metric>[a-z_]+), (?<label>[a-z_]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|histogram_quantile", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Braces();

    [GeneratedRegex("[a-zA-Z_:][a-zA-Z0-9_:]*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Identifier();
}
