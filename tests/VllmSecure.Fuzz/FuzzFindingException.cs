namespace VllmSecure.Fuzz;

/// <summary>A promise that did not hold.</summary>
internal sealed class FuzzFindingException(string message) : Exception(message)
{
    public static void ThrowIf(bool broken, string message)
    {
        if (broken)
        {
            throw new FuzzFindingException(message);
        }
    }
}
