using System.CommandLine;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary><c>keys create|list|revoke|rotate</c>: the keys in the data directory. A running proxy takes a change over by itself.</summary>
internal sealed class KeysCommand(ApiKeyAdministration administration, TimeProvider clock) : IProxyCommand
{
    private const string DefaultGrace = "24h";

    public Command Create() => new("keys", "Make, list, rotate and revoke API keys.")
    {
        CreateCommand(),
        ListCommand(),
        RevokeCommand(),
        RotateCommand(),
    };

    private Command CreateCommand()
    {
        var name = Name();
        var models = ListOption("--models", "Models the key may use, with * for any run of characters. Default: all.");
        var endpoints = ListOption("--endpoints", $"Paths (/v1/embeddings) or classes ({ApiKeyRules.ClassNames}) the key may use. Default: all that are open.");
        var requestsPerMinute = new Option<int?>("--requests-per-minute") { Description = "Requests a minute. Default: Quotas:Default." };
        var tokensPerMinute = new Option<long?>("--tokens-per-minute") { Description = "Prompt and completion tokens a minute. Default: Quotas:Default." };
        var tokensPerDay = new Option<long?>("--tokens-per-day") { Description = "Prompt and completion tokens a day (UTC). Default: Quotas:Default." };
        var maxConcurrent = new Option<int?>("--max-concurrent") { Description = "Requests at one time. Default: Quotas:Default." };
        var expires = new Option<string?>("--expires") { Description = "When the key ends: a duration (90d, 12h) or a time (2027-01-31). Default: never." };
        var command = new Command("create", "Make a key. Its secret is written to standard output, this once.")
        {
            name, models, endpoints, requestsPerMinute, tokensPerMinute, tokensPerDay, maxConcurrent, expires,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, async () =>
        {
            var id = parsed.GetRequiredValue(name);
            var entry = new ApiKeyEntry
            {
                Models = Split(parsed, models),
                Endpoints = Split(parsed, endpoints),
                RequestsPerMinute = parsed.GetValue(requestsPerMinute),
                TokensPerMinute = parsed.GetValue(tokensPerMinute),
                TokensPerDay = parsed.GetValue(tokensPerDay),
                MaxConcurrent = parsed.GetValue(maxConcurrent),
                ExpiresAt = parsed.GetValue(expires) is { } text ? KeyLifetime.ParseEnd(text, clock.GetUtcNow()) : null,
            };
            var secret = await administration.CreateAsync(id, entry, cancellationToken);
            await ShowSecretAsync(parsed, secret, $"Key '{id}' is made. Its secret is shown this once:");
        }));
        return command;
    }

    private Command ListCommand()
    {
        var command = new Command("list", "List the keys with their limits; never a secret.");
        command.SetAction((parsed, _) => RunAsync(parsed, () =>
            parsed.InvocationConfiguration.Output.WriteAsync(KeyListing.Format(administration.List(), clock.GetUtcNow()))));
        return command;
    }

    private Command RevokeCommand()
    {
        var name = Name();
        var command = new Command("revoke", "End a key at once.") { name };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, async () =>
        {
            var id = parsed.GetRequiredValue(name);
            await administration.RevokeAsync(id, cancellationToken);
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"Key '{id}' is revoked.");
        }));
        return command;
    }

    private Command RotateCommand()
    {
        var name = Name();
        var grace = new Option<string>("--grace")
        {
            Description = "How long the old secret goes on working beside the new one (90m, 24h, 7d; 0 ends it now).",
            DefaultValueFactory = _ => DefaultGrace,
        };
        var command = new Command("rotate", "Give a key a new secret. It is written to standard output, this once.") { name, grace };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, async () =>
        {
            var id = parsed.GetRequiredValue(name);
            var graceTime = KeyLifetime.ParseDuration(parsed.GetValue(grace)!);
            var (secret, oldEndsAt) = await administration.RotateAsync(id, graceTime, cancellationToken);
            var old = oldEndsAt is { } end ? $"the old one works until {KeyListing.Instant(end)}" : "the old one has ended";
            await ShowSecretAsync(parsed, secret, $"Key '{id}' has a new secret, shown this once; {old}:");
        }));
        return command;
    }

    /// <summary>The secret alone goes to standard output, so that a script can take it: <c>KEY=$(… keys create ci)</c>.</summary>
    private static async Task ShowSecretAsync(ParseResult parsed, string secret, string explanation)
    {
        await parsed.InvocationConfiguration.Error.WriteLineAsync(explanation);
        await parsed.InvocationConfiguration.Output.WriteLineAsync(secret);
    }

    private static async Task<int> RunAsync(ParseResult parsed, Func<Task> action)
    {
        try
        {
            await action();
            return 0;
        }
        catch (Exception exception) when (exception is KeyAdministrationException or InvalidDataException or TimeoutException or IOException or UnauthorizedAccessException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static Argument<string> Name() => new("name") { Description = "The key's id: a public name for logs, metrics and this list." };

    private static Option<string[]> ListOption(string name, string description) =>
        new(name) { Description = $"{description} Several with commas or spaces.", AllowMultipleArgumentsPerToken = true };

    /// <summary>Empty only where the option is not given: a variable that is not set must not open the key.</summary>
    private static string[] Split(ParseResult parsed, Option<string[]> option)
    {
        string[] items =
        [
            .. (parsed.GetValue(option) ?? []).SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
        ];
        return items.Length > 0 || parsed.GetResult(option) is null
            ? items
            : throw new KeyAdministrationException($"{option.Name}: names nothing. Name at least one, or leave the option out to allow all.");
    }
}
