using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Quotas;

/// <summary>Binds the options, and notes what the binder would pass over or throw at: a misspelt limit would be no limit.</summary>
internal sealed class QuotasOptionsSetup(IConfiguration configuration) : IConfigureOptions<QuotasOptions>
{
    private static readonly string[] Settings = [nameof(QuotasOptions.Default), nameof(QuotasOptions.Global), nameof(QuotasOptions.AssumedOutputTokens)];

    private static readonly string[] Limits =
    [
        nameof(QuotaLimits.RequestsPerMinute), nameof(QuotaLimits.TokensPerMinute),
        nameof(QuotaLimits.TokensPerDay), nameof(QuotaLimits.MaxConcurrent),
    ];

    public void Configure(QuotasOptions options)
    {
        var section = configuration.GetSection(QuotasOptions.Section);
        RequireKnown(section, Settings, options);
        RequireKnown(section.GetSection(nameof(options.Default)), Limits, options);
        RequireKnown(section.GetSection(nameof(options.Global)), Limits, options);
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException exception)
        {
            // It names the key and the value that is no number.
            options.Mistakes.Add(exception.Message);
        }
    }

    private static void RequireKnown(IConfigurationSection section, string[] names, QuotasOptions options)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            options.Mistakes.Add($"{section.Path}: is a section and not a value. Known in it are {string.Join(", ", names)}.");
        }

        foreach (var child in section.GetChildren())
        {
            if (!names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                options.Mistakes.Add($"{child.Path}: there is no such setting. Known are {string.Join(", ", names)}.");
            }
            else if (child.Value is { } text && string.IsNullOrWhiteSpace(text))
            {
                // From a variable that is not set, mostly.
                options.Mistakes.Add($"{child.Path}: is there but has no value. Give one, or take the setting out.");
            }
        }
    }
}
