namespace VllmSecure.EndToEndTests.Clients;

/// <summary>The official OpenAI package for .NET. It has one exception, which tells errors apart by status.</summary>
public sealed class DotnetPackageTests(ServedModel served) : ClientContract(served)
{
    private protected override (string Authentication, string NotFound, string Busy) ErrorNames =>
        ("ClientResultException", "ClientResultException", "ClientResultException");

    private protected override IApiClient Connect(ServedModel to, string key, string model) => new DotnetPackageClient(to, key, model);
}
