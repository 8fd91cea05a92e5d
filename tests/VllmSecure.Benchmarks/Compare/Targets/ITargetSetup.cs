namespace VllmSecure.Benchmarks.Compare.Targets;

/// <summary>How a proxy is put before the upstream.</summary>
internal interface ITargetSetup
{
    /// <summary>Its name in <c>--only</c> and in JSON.</summary>
    string Id { get; }

    /// <summary>Its name in the table, with its version; null where it is not installed.</summary>
    string? Title { get; }

    /// <summary>Writes its configuration and says how it is started; it must stay in the foreground.</summary>
    IReadOnlyList<string> Prepare(TargetPlace place);

    /// <summary>Environment variables for it.</summary>
    Dictionary<string, string> Environment(TargetPlace place) => [];
}
