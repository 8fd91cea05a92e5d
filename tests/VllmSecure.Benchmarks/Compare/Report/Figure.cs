namespace VllmSecure.Benchmarks.Compare.Report;

/// <summary>Something that is measured.</summary>
/// <param name="Title">Its name in the table.</param>
/// <param name="Json">Its name in JSON.</param>
/// <param name="Decimals">Digits worth to be shown.</param>
internal sealed record Figure(string Title, string Json, int Decimals = 0);
