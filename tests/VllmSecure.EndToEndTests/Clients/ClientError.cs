namespace VllmSecure.EndToEndTests.Clients;

/// <param name="Status">The HTTP status that the library tells of.</param>
/// <param name="Name">The class of its exception; with curl, which has none, the error's type in the body.</param>
internal sealed record ClientError(int Status, string Name);
