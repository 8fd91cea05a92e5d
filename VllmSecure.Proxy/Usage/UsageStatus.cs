using System.Text.Json;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Usage;

/// <summary><c>usage</c> in <c>/status</c>: this process's totals of the last days.</summary>
internal sealed class UsageStatus(UsageLedger ledger, TimeProvider clock) : IStatusContributor
{
    /// <summary>A month's bill; the command line has the rest.</summary>
    private const int Days = 31;

    public string Name => "usage";

    public void Write(Utf8JsonWriter json)
    {
        var since = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(1 - Days);
        JsonSerializer.Serialize(json, ledger.Since(since), UsageJson.Default.UsageRowArray);
    }
}
