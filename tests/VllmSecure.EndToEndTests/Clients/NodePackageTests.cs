namespace VllmSecure.EndToEndTests.Clients;

/// <summary>The official openai package of npm, in Node.js; it has a class for each kind of error.</summary>
public sealed class NodePackageTests(ServedModel served) : ClientContract(served)
{
    private protected override (string Authentication, string NotFound, string Busy) ErrorNames =>
        ("AuthenticationError", "NotFoundError", "InternalServerError");

    private protected override IApiClient Connect(ServedModel to, string key, string model) => new NodePackageClient(to, key, model);
}
