using System.Globalization;

namespace VllmSecure.EndToEndTests.Attacks.Soak;

/// <summary>What a process held over time.</summary>
internal sealed class FigureSeries
{
    private readonly List<(double Minutes, ProcessFigures Figures)> _samples = [];

    public void Add(TimeSpan at, ProcessFigures figures) => _samples.Add((at.TotalMinutes, figures));

    /// <summary>The difference between the means of the second and the last quarter: what is warm has grown by.</summary>
    public double Growth(Func<ProcessFigures, double> value)
    {
        var quarter = _samples.Count / 4;
        return _samples.TakeLast(quarter).Average(sample => value(sample.Figures)) - _samples.Skip(quarter).Take(quarter).Average(sample => value(sample.Figures));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_samples.Count} samples: first {_samples[0].Figures}; last {_samples[^1].Figures}; in the second half {Slope(figures => figures.ResidentMiB):F2} MiB and {Slope(figures => figures.Handles):F2} handles a minute");

    /// <summary>The slope by least squares over the second half, for each minute.</summary>
    private double Slope(Func<ProcessFigures, double> value)
    {
        var half = _samples.Skip(_samples.Count / 2).Select(sample => (X: sample.Minutes, Y: value(sample.Figures))).ToArray();
        var (x, y) = (half.Average(point => point.X), half.Average(point => point.Y));
        return half.Sum(point => (point.X - x) * (point.Y - y)) / half.Sum(point => (point.X - x) * (point.X - x));
    }
}
