namespace VllmSecure.EndToEndTests.Clients;

public sealed class CurlHttp2Tests(ServedModel served) : ClientContract(served)
{
    private protected override (string Authentication, string NotFound, string Busy) ErrorNames => CurlClient.ErrorNames;

    private protected override IApiClient Connect(ServedModel to, string key, string model) => new CurlClient(to, key, model, "2");
}
