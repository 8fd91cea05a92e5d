using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Tests.Documentation;

/// <summary>The tables of docs/configuration.md, made from the options classes: keys, defaults and summaries cannot drift.</summary>
internal static class ConfigurationPage
{
    private static readonly Assembly Proxy = typeof(ProxyApp).Assembly;

    private static readonly XmlSummaries Summaries = new(Proxy.Location);

    /// <summary>Keys with the names that ASP.NET Core gave them.</summary>
    private static readonly Dictionary<string, string> StandardNames = new(StringComparer.Ordinal)
    {
        ["HttpsPorts"] = "HTTPS_PORTS",
        ["HttpPorts"] = "HTTP_PORTS",
        ["Urls"] = "ASPNETCORE_URLS",
    };

    private static readonly Dictionary<string, string> StatedDefaults = new(StringComparer.Ordinal)
    {
        ["HTTPS_PORTS"] = "8443",
        ["HTTP_PORTS"] = "8080",
        ["DataDirectory"] = "local application data + `vllm-secure`",
    };

    /// <summary>What is not read from configuration.</summary>
    private static readonly string[] NotSettings = ["Mistakes", "CreatedAt"];

    public static string Create()
    {
        var page = new StringBuilder();
        foreach (var options in Proxy.GetTypes().Where(IsValidated).OrderBy(SectionOf, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n### {Title(options)}\n\n{Summaries.Of(options)}\n\n| key | default | |\n|---|---|---|\n");
            foreach (var row in RowsOf(options, Activator.CreateInstance(options)!, SectionOf(options)))
            {
                page.Append(CultureInfo.InvariantCulture, $"| `{row.Key}` | {row.Default} | {row.Summary} |\n");
            }
        }

        return page.ToString();
    }

    private static bool IsValidated(Type type) =>
        type.IsClass && Proxy.GetTypes().Any(other => other.GetInterfaces().Any(contract =>
            contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IValidateOptions<>) && contract.GetGenericArguments()[0] == type));

    private static string SectionOf(Type options) => (string?)options.GetField("Section")?.GetRawConstantValue() ?? "";

    private static string Title(Type options) => SectionOf(options) is { Length: > 0 } section ? section : options.Name.Replace("Options", "", StringComparison.Ordinal);

    private static IEnumerable<OptionRow> RowsOf(Type type, object instance, string prefix)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsSetting))
        {
            var name = StandardNames.GetValueOrDefault(property.Name, property.Name);
            var key = prefix.Length == 0 ? name : $"{prefix}:{name}";
            var item = ItemOf(property.PropertyType, out var placeholder);
            var isNested = item.Assembly == Proxy && item.IsClass;

            // A dictionary that is its whole section carries the section's name itself.
            var path = placeholder == ":<name>" && isNested ? $"{prefix}{placeholder}" : $"{key}{placeholder}";
            var rows = isNested
                ? RowsOf(item, placeholder.Length == 0 ? property.GetValue(instance) ?? Activator.CreateInstance(item)! : Activator.CreateInstance(item)!, path)
                : [new OptionRow(path, DefaultOf(key, property.GetValue(instance)), Summaries.Of(type, property.Name))];
            foreach (var row in rows)
            {
                yield return row;
            }
        }
    }

    /// <summary>Set by binding, or a collection that binding fills.</summary>
    private static bool IsSetting(PropertyInfo property) =>
        !NotSettings.Contains(property.Name, StringComparer.Ordinal)
        && (property.CanWrite || (property.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(property.PropertyType)));

    private static Type ItemOf(Type type, out string placeholder)
    {
        placeholder = "";
        if (type != typeof(string) && type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type))
        {
            var arguments = type.GetGenericArguments();
            placeholder = arguments.Length == 2 ? ":<name>" : ":<n>";
            return arguments[^1];
        }

        return type;
    }

    private static string DefaultOf(string key, object? value) =>
        StatedDefaults.TryGetValue(key, out var stated) ? stated : value switch
        {
            null => "",
            bool flag => flag ? "`true`" : "`false`",
            string { Length: 0 } => "",
            string text => $"`{text}`",
            IFormattable number => $"`{number.ToString(null, CultureInfo.InvariantCulture)}`",
            IEnumerable list when !list.Cast<object>().Any() => "",
            IEnumerable list => string.Join(", ", list.Cast<object>().Select(item => $"`{item}`")),
            _ => "",
        };
}
