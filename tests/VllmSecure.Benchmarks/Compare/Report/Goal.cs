namespace VllmSecure.Benchmarks.Compare.Report;

/// <summary>What the proxy has to reach beside the others in the same run: a value at or below a limit.</summary>
/// <param name="Title">What is compared.</param>
/// <param name="Value">The measured value.</param>
/// <param name="Must">The limit; null where only the stretch has one.</param>
/// <param name="Stretch">The better limit; null where there is none.</param>
internal sealed record Goal(string Title, double Value, double? Must, double? Stretch)
{
    public string Verdict =>
        Value > Must ? "missed"
        : Value <= Stretch ? "stretch"
        : Must is null ? "stretch missed"
        : "must";
}
