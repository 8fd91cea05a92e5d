namespace VllmSecure.Proxy.Tests.Documentation;

/// <summary>One setting: its configuration key, its default as text, what it is.</summary>
internal sealed record OptionRow(string Key, string Default, string Summary);
