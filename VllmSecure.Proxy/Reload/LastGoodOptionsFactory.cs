using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.Reload;

/// <summary>
/// Makes options from the configuration as it is now. Where that has become wrong while the proxy runs, the options made
/// last are given again and the log says so once: a typing error in a file must not turn into failed requests, neither by
/// monitors nor by options that are first asked for after the change. Wrong options at the start are thrown as ever.
/// </summary>
internal sealed partial class LastGoodOptionsFactory<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
    IEnumerable<IConfigureOptions<TOptions>> setups,
    IEnumerable<IPostConfigureOptions<TOptions>> postConfigures,
    IEnumerable<IValidateOptions<TOptions>> validations,
    IServiceProvider services)
    : IOptionsFactory<TOptions>
    where TOptions : class
{
    private readonly OptionsFactory<TOptions> _factory = new(setups, postConfigures, validations);
    private readonly ConcurrentDictionary<string, TOptions> _last = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _reported = new(StringComparer.Ordinal);

    public TOptions Create(string name)
    {
        try
        {
            var options = _factory.Create(name);
            _reported.TryRemove(name, out _);
            return _last[name] = options;
        }
        catch (Exception exception) when (_last.ContainsKey(name))
        {
            Report(name, string.Join(" ", ProxyStart.ReasonsOf(exception) ?? [$"{typeof(TOptions).Name}: {exception.Message}"]));
            return _last[name];
        }
        catch (InvalidOperationException exception) when (ProxyStart.ReasonsOf(exception) is { } reasons)
        {
            // The binder's words for a value of the wrong type: as a failed validation they do not keep others from being named.
            throw new OptionsValidationException(name, typeof(TOptions), reasons);
        }
    }

    /// <summary>Several ask for the same options after one change, and a file's change may be told twice.</summary>
    private void Report(string name, string reasons)
    {
        var known = _reported.TryGetValue(name, out var before) && before == reasons;
        _reported[name] = reasons;
        if (!known)
        {
            // Not injected: the logger's own options are made by this factory too.
            Log.Refused(services.GetRequiredService<ILoggerFactory>().CreateLogger("VllmSecure.Proxy.Reload"), reasons);
        }
    }
}
