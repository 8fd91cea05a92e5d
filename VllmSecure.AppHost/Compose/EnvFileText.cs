namespace VllmSecure.AppHost.Compose;

/// <summary>Completes the published <c>.env</c>, in which Aspire writes names only.</summary>
internal static class EnvFileText
{
    /// <summary>Explains each value and fills in the defaults; a value that is there already is kept.</summary>
    public static string Complete(string text, IReadOnlyDictionary<string, EnvValue> values)
    {
        List<string> lines =
        [
            "# Values of docker-compose.yaml. Secrets are not among them: ./make-secrets.sh makes those, as files.",
            string.Empty,
            "# What containers, networks and volumes are named after, wherever this folder lies.",
            "COMPOSE_PROJECT_NAME=vllm-secure",
        ];
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line.StartsWith('#') || equals <= 0 || line.StartsWith("COMPOSE_PROJECT_NAME=", StringComparison.Ordinal))
            {
                continue;
            }

            var name = line[..equals];
            var value = line[(equals + 1)..];
            lines.Add(string.Empty);
            if (values.TryGetValue(name, out var known))
            {
                lines.Add($"# {known.Explanation}");
                value = value.Length > 0 ? value : known.Default ?? string.Empty;
            }

            lines.Add($"{name}={value}");
        }

        return string.Join('\n', lines) + "\n";
    }
}
