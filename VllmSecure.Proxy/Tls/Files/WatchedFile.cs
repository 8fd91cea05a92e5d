using System.Security.Cryptography;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.Files;

/// <summary>One certificate's files: the last good content, and what was seen of a later one.</summary>
internal sealed class WatchedFile(CertificateFile file)
{
    private string _served = "";
    private string _refused = "";
    private string _pending = "";
    private ServerCertificate? _ended;

    public string Path => file.Certificate!;

    /// <summary>The last good one; set by <see cref="Load"/>.</summary>
    public ServerCertificate? Certificate { get; private set; }

    /// <summary>Why the content on disk is not served; null where it is.</summary>
    public string? Refused { get; private set; }

    /// <summary>Reads the files. Throws <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/> or <see cref="CryptographicException"/>.</summary>
    public void Load()
    {
        var hash = HashContent();
        Certificate = CertificateFileReader.Read(Path, file.Key, file.Password);
        (_served, Refused) = (hash, null);
    }

    /// <summary>
    /// Compares with what is served. A broken content counts only when it is found twice: between the writes of chain and
    /// key the two do not match.
    /// </summary>
    public WatchedFileChange Look(DateTimeOffset now)
    {
        string hash;
        try
        {
            hash = HashContent();
            if (hash == _served)
            {
                (Refused, _refused, _pending) = (null, "", "");
                return WatchedFileChange.None;
            }

            // Also what was refused before: it may have been our clock that was wrong.
            var candidate = CertificateFileReader.Read(Path, file.Key, file.Password);
            if (candidate.NotAfter <= now)
            {
                return Refuse(hash, $"it ended at {candidate.NotAfter:u}.");
            }

            (Certificate, _served, Refused, _refused, _pending) = (candidate, hash, null, "", "");
            return WatchedFileChange.Taken;
        }
        catch (CryptographicException exception)
        {
            return Refuse(HashOrEmpty(), exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Refuse("unreadable", exception.Message);
        }
    }

    /// <summary>Whether the certificate has ended; true once for each.</summary>
    public bool HasJustEnded(DateTimeOffset now)
    {
        if (Certificate!.NotAfter > now || _ended == Certificate)
        {
            return false;
        }

        _ended = Certificate;
        return true;
    }

    private WatchedFileChange Refuse(string hash, string reason)
    {
        if (hash == _refused)
        {
            return WatchedFileChange.None;
        }

        if (hash != _pending)
        {
            _pending = hash;
            return WatchedFileChange.None;
        }

        (_refused, Refused) = (hash, reason);
        return WatchedFileChange.Refused;
    }

    private string HashOrEmpty()
    {
        try
        {
            return HashContent();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private string HashContent()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(File.ReadAllBytes(Path));
        if (file.Key is { } key)
        {
            hash.AppendData(File.ReadAllBytes(key));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
