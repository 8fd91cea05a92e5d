namespace VllmSecure.Proxy.Exchange;

/// <summary>Patterns of models and paths: <c>*</c> stands for any run of characters, everything else for itself, case included.</summary>
internal static class NamePattern
{
    /// <summary>Whether a name matches. Linear in the name for each <c>*</c>: no pattern makes it explode.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int at = 0, inName = 0, star = -1, resume = 0;
        while (inName < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                resume = inName;
            }
            else if (at < pattern.Length && pattern[at] == name[inName])
            {
                at++;
                inName++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more; earlier stars need not change.
                at = star + 1;
                inName = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }
}
