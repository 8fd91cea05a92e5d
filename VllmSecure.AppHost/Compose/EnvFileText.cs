namespace VllmSecure.AppHost.Compose;

/// <summary>Completes the published <c>.env</c>, in which Aspire writes names only.</summary>
internal static class EnvFileText
{
    private const string ProjectName = "COMPOSE_PROJECT_NAME=";

    /// <summary>Explains each value and fills in the defaults; a value that is there already is kept.</summary>
    public static string Complete(string text, IReadOnlyDictionary<string, EnvValue> values)
    {
        var given = text.Split('\n', StringSplitOptions.TrimEntries);

        // Volumes carry it: with another name the next start would find all of them empty.
        var project = given.LastOrDefault(line => line.StartsWith(ProjectName, StringComparison.Ordinal) && line.Length > ProjectName.Length);
        List<string> lines =
        [
            "# Values of docker-compose.yaml. Secrets are not among them: ./make-secrets.sh makes those, as files.",
            string.Empty,
            "# What containers, networks and volumes are named after, wherever this folder lies.",
            project ?? ProjectName + "vllm-secure",
        ];
        foreach (var line in given)
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line.StartsWith('#') || equals <= 0 || line.StartsWith(ProjectName, StringComparison.Ordinal))
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
