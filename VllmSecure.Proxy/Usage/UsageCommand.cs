using System.CommandLine;
using System.Text.Json;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.Usage;

/// <summary><c>usage</c>: who used which model how much, from the data directory; a running proxy saves there every few seconds.</summary>
internal sealed class UsageCommand(UsageFile file, TimeProvider clock) : IProxyCommand
{
    private const int DefaultDays = 31;

    public Command Create()
    {
        var days = new Option<int>("--days") { Description = "Days back, today included.", DefaultValueFactory = _ => DefaultDays };
        var key = new Option<string?>("--key") { Description = "Only this key id." };
        var model = new Option<string?>("--model") { Description = "Only this model." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("usage", "Show tokens and requests by day, key and model.") { days, key, model, json };
        command.SetAction(result => Run(
            result.GetValue(days), result.GetValue(key), result.GetValue(model), result.GetValue(json),
            result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return command;
    }

    private int Run(int days, string? key, string? model, bool json, TextWriter output, TextWriter error)
    {
        if (days is < 1 or > UsageOptions.MostDays)
        {
            error.WriteLine($"--days: {days} is not between 1 (today) and {UsageOptions.MostDays}.");
            return 1;
        }

        UsageRow[] rows;
        try
        {
            rows = file.Read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            error.WriteLine($"The usage totals could not be read: {exception.Message}");
            return 1;
        }

        var since = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(1 - days);
        rows = Array.FindAll(rows, row => row.Day >= since && (key is null || row.Key == key) && (model is null || row.Model == model));
        output.Write(json ? JsonSerializer.Serialize(rows, UsageJson.Default.UsageRowArray) + Environment.NewLine : UsageTable.Format(rows));
        return 0;
    }
}
