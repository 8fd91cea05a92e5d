namespace VllmSecure.Proxy.Inspection;

internal enum MemberNameResult
{
    New,
    Duplicate,
    TooMany,
}
