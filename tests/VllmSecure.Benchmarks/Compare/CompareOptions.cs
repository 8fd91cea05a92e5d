namespace VllmSecure.Benchmarks.Compare;

/// <summary>The arguments of <c>compare</c>.</summary>
/// <param name="Quick">Under a minute, in place of under ten.</param>
/// <param name="Json">A file for the figures; null: none.</param>
/// <param name="Proxy">The proxy's executable; null: publish this repository's.</param>
/// <param name="Only">Names of targets to measure; empty: all.</param>
internal sealed record CompareOptions(bool Quick, string? Json, string? Proxy, IReadOnlyList<string> Only)
{
    public const string Usage = "compare [--quick] [--json FILE] [--proxy EXECUTABLE] [--only NAME,NAME…]";

    public static CompareOptions? Parse(ReadOnlySpan<string> args)
    {
        var options = new CompareOptions(false, null, null, []);
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--quick":
                    options = options with { Quick = true };
                    continue;
                case "--json" when value is not null:
                    options = options with { Json = value };
                    break;
                case "--proxy" when value is not null:
                    options = options with { Proxy = value };
                    break;
                case "--only" when value is not null:
                    options = options with { Only = value.Split(',') };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return options;
    }
}
