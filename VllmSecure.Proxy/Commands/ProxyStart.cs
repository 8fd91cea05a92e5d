using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Commands;

/// <summary>
/// Starts the host so that what an operator can mend is said in a sentence: a wrong setting, a port in use. The host and
/// Kestrel log the same failures with stack traces; those are kept quiet while starting, not later.
/// </summary>
internal sealed class ProxyStart
{
    private volatile bool _starting;

    /// <summary>Keeps the framework's own reports of a failed start out of the log.</summary>
    public void Quieten(ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && (!_starting || level < LogLevel.Error));
        // Its warning while starting is untrue here: that HTTPS_PORTS and the like are overridden; the listeners have read them.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level >= LogLevel.Warning && (!_starting || level is LogLevel.Error));
    }

    /// <summary>Starts the host. Returns null, or what is wrong in words for the operator; other failures are thrown.</summary>
    public async Task<string?> TryStartAsync(IHost host)
    {
        _starting = true;
        try
        {
            // The host does so too, but makes its services first, and the first of them that is made would name its own mistakes alone.
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            await host.StartAsync();
            _starting = false; // Not after a failure: services that had started by then fail in turn as they are disposed.
            return null;
        }
        catch (OperationCanceledException) when (host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
        {
            return null; // Told to stop before it had started: nothing is wrong.
        }
        catch (Exception exception) when (Describe(exception) is { } reason)
        {
            return reason;
        }
    }

    /// <summary>The operator's view of a failed start; null for a failure that only a stack trace explains.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        StartFailedException failed => failed.Message,
        OptionsValidationException => Settings(ReasonsOf(exception)!),
        AggregateException { InnerExceptions: var inner } when inner.All(one => one is OptionsValidationException) => Settings(inner.SelectMany(ReasonsOf!)),
        _ when ReasonsOf(exception) is { } reasons => string.Join(Environment.NewLine, reasons),
        IOException { InnerException: AddressInUseException } => $"{exception.Message.TrimEnd('.')}. Stop the other program, or set HTTPS_PORTS, HTTP_PORTS or Management:Port to a free port.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            "A port below 1024 needs a privilege (CAP_NET_BIND_SERVICE). Grant it, or set HTTPS_PORTS and HTTP_PORTS to higher ports.",
        _ => null,
    };

    /// <summary>What is wrong with settings, each reason with its key; null for any other failure.</summary>
    public static IEnumerable<string>? ReasonsOf(Exception exception) => exception switch
    {
        OptionsValidationException invalid => invalid.Failures,
        // The configuration binder's words for a value that is not of its setting's type: they name the key.
        InvalidOperationException { InnerException: FormatException or OverflowException or ArgumentException } => [exception.Message],
        InvalidOperationException { Source: "Microsoft.Extensions.Logging.Configuration" } =>
            [$"Logging:LogLevel: {exception.Message} Use Trace, Debug, Information, Warning, Error, Critical or None."],
        // A file of settings that is no JSON. What lies between says no more than "could not parse".
        InvalidDataException { InnerException: FormatException } => [$"{exception.Message} {exception.GetBaseException().Message}"],
        _ => null,
    };

    private static string Settings(IEnumerable<string> failures) =>
        string.Join(Environment.NewLine, failures.Prepend("The configuration is not complete:").Select((line, i) => i == 0 ? line : $"  - {line}"));
}
