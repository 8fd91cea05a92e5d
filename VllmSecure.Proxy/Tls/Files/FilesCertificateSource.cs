using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.Files;

/// <summary>
/// Serves certificates from files and takes new ones up when their content changes. The content is compared, not the
/// files' dates: Kubernetes and certbot swap symbolic links, which change notifications miss.
/// </summary>
internal sealed partial class FilesCertificateSource(
    IOptions<CertificateFilesOptions> options, CertificateStore store, TimeProvider clock, ILogger<FilesCertificateSource> logger) : ICertificateSource
{
    /// <summary>Reading a few kilobytes this often costs nothing, and a renewal is seldom a matter of seconds.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private WatchedFile[] _files = [];

    public Task LoadAsync(CancellationToken cancellationToken)
    {
        _files = [.. options.Value.Files.Select(file => new WatchedFile(file))];
        for (var i = 0; i < _files.Length; i++)
        {
            try
            {
                _files[i].Load();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw new StartFailedException($"Tls:Files:{i}: {_files[i].Path} cannot be used: {exception.Message}", exception);
            }

        }

        ReportEnded();
        Publish();
        return Task.CompletedTask;
    }

    public async Task WatchAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            Look();
        }
    }

    public IReadOnlyList<CertificateStatus> Describe() =>
        [.. _files.Select(file => new CertificateStatus(file.Certificate!.Names, file.Path, file.Certificate.NotAfter) { LastError = file.Refused })];

    /// <summary>Takes up what has changed; a pair that does not work leaves the last good one in place.</summary>
    internal void Look()
    {
        var changed = false;
        foreach (var file in _files)
        {
            switch (file.Look(clock.GetUtcNow()))
            {
                case WatchedFileChange.Taken:
                    changed = true;
                    Log.Taken(logger, file.Path, file.Certificate!.NotAfter);
                    break;
                case WatchedFileChange.Refused:
                    Log.Refused(logger, file.Path, file.Refused!, file.Certificate!.NotAfter);
                    break;
            }
        }

        ReportEnded();
        if (changed)
        {
            Publish();
        }
    }

    private void ReportEnded()
    {
        foreach (var file in _files.Where(file => file.HasJustEnded(clock.GetUtcNow())))
        {
            Log.Ended(logger, file.Path, file.Certificate!.NotAfter);
        }
    }

    private void Publish() => store.Replace(_files.Select(file => file.Certificate!));
}
