using Microsoft.Extensions.Configuration;

namespace VllmSecure.AppHost.Vllm;

/// <summary>The section <c>Vllm</c> of the AppHost's configuration: <c>dotnet run -- --Vllm:Mode=Simulator</c>.</summary>
internal sealed class VllmOptions
{
    public const string Section = "Vllm";

    public VllmMode Mode { get; init; }

    /// <summary>A name on Hugging Face. The default runs on any GPU with 8 GB: its weights take 1.2 GB, the KV cache of one longest context 4.4 GiB.</summary>
    public string Model { get; init; } = "Qwen/Qwen3-0.6B";

    /// <summary>The name clients ask for; the model's own when empty.</summary>
    public string? ServedModelName { get; init; }

    /// <summary>Longest context in tokens; the model's own when null.</summary>
    public int? MaxModelLength { get; init; }

    /// <summary>Whose GPUs; null takes what is found on this machine.</summary>
    public GpuVendor? GpuVendor { get; init; }

    /// <summary>GPUs of one replica, which is also its tensor parallelism.</summary>
    public int Gpus { get; init; } = 1;

    /// <summary>Servers of the same model; with <see cref="VllmMode.External"/> as many as there are addresses.</summary>
    public int Replicas { get; private init; } = 1;

    public ModelDownload Download { get; init; }

    /// <summary>Running servers for <see cref="VllmMode.External"/>.</summary>
    public IReadOnlyList<Uri> Addresses { get; init; } = [];

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="InvalidOperationException">A value is wrong; every error names its key and says what would be right.</exception>
    public static VllmOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        List<string> errors = [];
        var mode = Enum<VllmMode>(section, nameof(Mode), errors) ?? VllmMode.Auto;
        Uri[] addresses = [.. Uris(section.GetSection(nameof(Addresses)), errors)];
        var replicas = Count(section, nameof(Replicas), errors) ?? 1;
        var options = new VllmOptions
        {
            Mode = mode,
            Model = Text(section, nameof(Model)) ?? new VllmOptions().Model,
            ServedModelName = Text(section, nameof(ServedModelName)),
            MaxModelLength = Count(section, nameof(MaxModelLength), errors),
            GpuVendor = Enum<GpuVendor>(section, nameof(GpuVendor), errors),
            Gpus = Count(section, nameof(Gpus), errors) ?? 1,
            Replicas = mode == VllmMode.External ? addresses.Length : replicas,
            Download = Enum<ModelDownload>(section, nameof(Download), errors) ?? ModelDownload.OneShot,
            Addresses = addresses,
        };
        if (options.Mode == VllmMode.External && options.Addresses.Count == 0)
        {
            errors.Add("Vllm:Addresses:0 is missing: Vllm:Mode=External needs the address of a running server, such as http://gpu-box:8000.");
        }

        // Compose replaces ${…} in what the publisher writes, and the publisher does not escape it.
        if (options.Model.Contains('$', StringComparison.Ordinal) || options.ServedModelName?.Contains('$', StringComparison.Ordinal) == true)
        {
            errors.Add("Vllm:Model and Vllm:ServedModelName must not contain '$'.");
        }

        return errors.Count == 0 ? options : throw new InvalidOperationException(string.Join(Environment.NewLine, errors));
    }

    private static string? Text(IConfigurationSection section, string key) =>
        section[key] is { Length: > 0 } value ? value : null;

    private static T? Enum<T>(IConfigurationSection section, string key, List<string> errors)
        where T : struct, Enum
    {
        var text = Text(section, key);
        if (text is null)
        {
            return null;
        }

        // Parse takes numbers as well, which would be a name that nobody reads.
        if (char.IsLetter(text[0]) && System.Enum.TryParse<T>(text, ignoreCase: true, out var value))
        {
            return value;
        }

        errors.Add($"{section.Path}:{key} is '{text}': use {string.Join(", ", System.Enum.GetNames<T>())}.");
        return null;
    }

    private static int? Count(IConfigurationSection section, string key, List<string> errors)
    {
        var text = Text(section, key);
        if (text is null)
        {
            return null;
        }

        if (int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            return count;
        }

        errors.Add($"{section.Path}:{key} is '{text}': use a whole number from 1.");
        return null;
    }

    private static IEnumerable<Uri> Uris(IConfigurationSection section, List<string> errors)
    {
        foreach (var entry in section.GetChildren())
        {
            if (Uri.TryCreate(entry.Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            {
                yield return uri;
            }
            else
            {
                errors.Add($"{entry.Path} is '{entry.Value}': use an address such as http://gpu-box:8000.");
            }
        }
    }
}
