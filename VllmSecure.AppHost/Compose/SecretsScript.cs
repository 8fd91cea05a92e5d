namespace VllmSecure.AppHost.Compose;

/// <summary>The script that makes the secrets of the published stack on the server itself: none is ever published.</summary>
internal static class SecretsScript
{
    public const string FileName = "make-secrets.sh";

    /// <summary>The script, as it is published.</summary>
    public static string Read()
    {
        using var stream = typeof(SecretsScript).Assembly.GetManifestResourceStream(FileName)
            ?? throw new InvalidOperationException($"{FileName} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
