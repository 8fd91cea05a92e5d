using System.Globalization;

namespace VllmSecure.Proxy.Tls.CommandLine;

/// <summary><c>certificates list</c>.</summary>
internal sealed class CertificateList(IServiceProvider services)
{
    public async Task<int> RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var source = services.GetRequiredService<ICertificateSource>();
        await source.LoadAsync(cancellationToken);
        foreach (var certificate in source.Describe())
        {
            await output.WriteLineAsync(Line(certificate));
        }

        return 0;
    }

    internal static string Line(CertificateStatus certificate)
    {
        var parts = new List<string>
        {
            string.Join(", ", certificate.Names),
            certificate.IsPlaceholder ? "none yet" : string.Create(CultureInfo.InvariantCulture, $"until {certificate.NotAfter:u}"),
            certificate.Origin,
        };
        if (certificate.NextRenewal is { } next)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"next renewal {next:u}"));
        }

        if (certificate.LastError is { } error)
        {
            parts.Add($"last attempt failed: {error}");
        }

        return string.Join("  |  ", parts);
    }
}
