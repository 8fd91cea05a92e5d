using System.Text;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>The members of <c>chat_template_kwargs</c> that model cards document for thinking.</summary>
internal static class TemplateSwitches
{
    public static IReadOnlyList<string> Known { get; } = ["enable_thinking", "thinking", "thinking_budget", "reasoning_effort"];

    public static bool IsKnown(ReadOnlySpan<byte> name, IEnumerable<string> allowed)
    {
        var text = Encoding.UTF8.GetString(name);
        return Known.Contains(text, StringComparer.Ordinal) || allowed.Contains(text, StringComparer.Ordinal);
    }
}
