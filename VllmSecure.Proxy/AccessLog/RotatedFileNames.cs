using System.Globalization;

namespace VllmSecure.Proxy.AccessLog;

/// <summary>Names of rotated files: <c>access-20260102T030405678Z.log.gz</c> beside <c>access.log</c>, so that they sort by age.</summary>
internal static class RotatedFileNames
{
    private const string Stamp = "yyyyMMdd'T'HHmmssfff'Z'";
    private const string Compressed = ".gz";

    /// <summary>The name that the file gets when it is rotated at this instant; <see cref="ForCompressed"/> follows.</summary>
    public static string At(string path, DateTimeOffset time)
    {
        var stamp = time.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture);
        return Path.Combine(DirectoryOf(path), $"{Path.GetFileNameWithoutExtension(path)}-{stamp}{Path.GetExtension(path)}");
    }

    public static string ForCompressed(string rotated) => rotated + Compressed;

    /// <summary>The rotated files beside a file, the newest first; also one whose compression was interrupted.</summary>
    public static IEnumerable<string> NewestFirst(string path) =>
        Directory.EnumerateFiles(DirectoryOf(path), Path.GetFileNameWithoutExtension(path) + "-*")
            .Where(candidate => IsRotated(Path.GetFileName(candidate), path))
            .OrderDescending(StringComparer.Ordinal);

    private static bool IsRotated(string name, string path)
    {
        var plain = name.EndsWith(Compressed, StringComparison.Ordinal) ? name[..^Compressed.Length] : name;
        var prefix = Path.GetFileNameWithoutExtension(path) + "-";
        var extension = Path.GetExtension(path);
        return plain.Length > prefix.Length + extension.Length
            && plain.EndsWith(extension, StringComparison.Ordinal)
            && DateTime.TryParseExact(
                plain[prefix.Length..^extension.Length], Stamp, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
    }

    private static string DirectoryOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
