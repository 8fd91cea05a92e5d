using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Report;

/// <summary>Every value, by target and figure: one a round.</summary>
internal sealed class Measurements
{
    private readonly Dictionary<(string Target, Figure Figure), List<double>> _values = [];

    public void Add(Target target, Figure figure, double value)
    {
        if (double.IsFinite(value))
        {
            if (!_values.TryGetValue((target.Id, figure), out var values))
            {
                _values[(target.Id, figure)] = values = [];
            }

            values.Add(value);
        }
    }

    public IReadOnlyList<double> Of(string target, Figure figure) => _values.GetValueOrDefault((target, figure), []);

    /// <summary>The median over the rounds; not a number where it was not measured.</summary>
    public double Median(string target, Figure figure) => Quantiles.Median(Of(target, figure));
}
