namespace VllmSecure.Proxy.Commands;

/// <summary>One line of <c>doctor</c>.</summary>
/// <param name="Verdict">How it came out.</param>
/// <param name="Message">What was found, in one sentence.</param>
/// <param name="Fix">What the operator is to do; with every failure.</param>
internal sealed record DoctorFinding(DoctorVerdict Verdict, string Message, string? Fix = null)
{
    public static DoctorFinding Ok(string message) => new(DoctorVerdict.Ok, message);

    public static DoctorFinding Skipped(string message) => new(DoctorVerdict.Skipped, message);

    public static DoctorFinding Warning(string message, string fix) => new(DoctorVerdict.Warning, message, fix);

    public static DoctorFinding Failed(string message, string fix) => new(DoctorVerdict.Failed, message, fix);
}
