namespace VllmSecure.Proxy.ApiKeys;

/// <summary>Ids of keys: public names that stand in logs, metrics and file names.</summary>
internal static class ApiKeyIds
{
    public const string Rule = "an id of a key has 1 to 64 letters, digits, '-', '_' or '.', and begins with a letter or digit.";

    private const int MaxLength = 64;

    public static bool IsValid(ReadOnlySpan<char> id)
    {
        if (id.Length is 0 or > MaxLength || !char.IsAsciiLetterOrDigit(id[0]))
        {
            return false;
        }

        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
