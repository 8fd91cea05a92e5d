using System.Globalization;
using System.Text.Json;
using VllmSecure.Proxy.Storage;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>
/// The keys that <c>keys create</c> makes: <c>api-keys.json</c> in the data directory. It is replaced whole, under a lock
/// that other processes honour, so two writers never lose each other's change and a reader never sees half a file.
/// </summary>
internal sealed class ApiKeyFile(DataDirectory data, TimeProvider clock)
{
    // Writers hold the lock for milliseconds: after this long something is wrong.
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(20);

    /// <summary>The absolute path of the file; it need not exist.</summary>
    public string FilePath { get; } = data.PathOf("api-keys.json");

    /// <summary>The file's bytes; null where there is no file. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public byte[]? ReadBytes()
    {
        try
        {
            return File.ReadAllBytes(FilePath);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The keys in the file; what is wrong with it is added to <paramref name="mistakes"/>.</summary>
    public ApiKeyFileContent Read(ICollection<string> mistakes)
    {
        try
        {
            return Parse(ReadBytes(), mistakes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"{FilePath}: cannot be read: {exception.Message}");
            return new ApiKeyFileContent();
        }
    }

    /// <summary>The keys in the bytes of a key file; null stands for a file that is not there.</summary>
    public ApiKeyFileContent Parse(byte[]? json, ICollection<string> mistakes)
    {
        var content = new ApiKeyFileContent();
        if (json is null)
        {
            return content;
        }

        try
        {
            var read = JsonSerializer.Deserialize(json, ApiKeyFileJson.Default.ApiKeyFileContent);
            foreach (var (id, entry) in read?.Keys ?? throw new JsonException())
            {
                // Ids are one whatever their case, as in configuration; JSON's names are not, and its values may be null.
                if (entry is null || entry.Models.Any(model => model is null) || entry.Endpoints.Any(path => path is null) || !content.Keys.TryAdd(id, entry))
                {
                    mistakes.Add($"{FilePath}: {id}: is null or there twice. Keep one.");
                }
            }
        }
        catch (JsonException exception)
        {
            // Only the place: the parser's own words may quote what stands there.
            mistakes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{FilePath}: is no valid key file from line {(exception.LineNumber ?? 0) + 1} on. Repair it, or remove it and make the keys anew with: keys create"));
        }

        return content;
    }

    /// <summary>
    /// Changes the file under its lock. A file with mistakes is not touched.
    /// Throws <see cref="InvalidDataException"/> with the mistakes, <see cref="TimeoutException"/>, <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    /// <param name="change">Makes the change, or returns false to leave the file as it is.</param>
    /// <param name="cancellationToken">Gives up waiting for the lock.</param>
    public async Task<bool> UpdateAsync(Func<ApiKeyFileContent, bool> change, CancellationToken cancellationToken)
    {
        data.CreateDirectory();
        await using var held = await LockAsync(cancellationToken);
        var mistakes = new List<string>();
        var content = Read(mistakes);
        if (mistakes.Count > 0)
        {
            throw new InvalidDataException(string.Join(Environment.NewLine, mistakes));
        }

        if (!change(content))
        {
            return false;
        }

        data.Write(FilePath, JsonSerializer.SerializeToUtf8Bytes(content, ApiKeyFileJson.Default.ApiKeyFileContent));
        return true;
    }

    /// <summary>
    /// An exclusive open of a file beside it (flock on Unix): the system lets go of it however the process ends. It is
    /// never deleted, since a waiting process could then lock the old file and a new one the next.
    /// </summary>
    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        var path = FilePath + ".lock";
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException) when (clock.GetElapsedTime(started) < LockTimeout)
            {
                await Task.Delay(LockRetry, clock, cancellationToken);
            }
            catch (IOException exception)
            {
                throw new TimeoutException($"{path} is held by another process. Try again, or end that process.", exception);
            }
        }
    }
}
