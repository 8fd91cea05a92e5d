using System.Security.Cryptography;
using VllmSecure.EndToEndTests.Acme;
using VllmSecure.Proxy.Tls.Development;

namespace VllmSecure.EndToEndTests.Compose;

/// <summary>
/// The folder of a server: the published files as they are, <c>.env</c> filled in, the secrets made by their script, and
/// one more file that puts Pebble in the place of Let's Encrypt.
/// </summary>
internal static class PublishedFiles
{
    public const string Domain = "llm.example.test";

    private static readonly string[] Published = ["docker-compose.yaml", "make-secrets.sh"];

    /// <summary>Writes the folder's files for a project of this name.</summary>
    public static async Task WriteAsync(DirectoryInfo folder, string project)
    {
        foreach (var file in Published)
        {
            File.Copy(Snapshot(file), Path.Combine(folder.FullName, file));
        }

        var environment = await File.ReadAllLinesAsync(Snapshot(".env"));
        await File.WriteAllLinesAsync(Path.Combine(folder.FullName, ".env"), environment.Select(line => Fill(line, project)));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "pebble.yaml"), Pebble(folder.FullName));
        await WriteAuthorityAsync(folder.CreateSubdirectory("pebble").FullName);
        var (exitCode, output) = await Programs.RunAsync("/bin/sh", "-c", "cd \"$0\" && exec sh make-secrets.sh", folder.FullName);
        Assert.True(exitCode == 0, output);
    }

    private static string Snapshot(string file) => Path.Combine(Repository.Root, "tests", "VllmSecure.AppHost.Tests", "Snapshots", file);

    /// <summary>What an operator fills in; the other values stay as published.</summary>
    private static string Fill(string line, string project) => line.Split('=')[0] switch
    {
        "COMPOSE_PROJECT_NAME" => $"COMPOSE_PROJECT_NAME={project}",
        "ACME_ACCEPT_TERMS" => "ACME_ACCEPT_TERMS=true",
        "ACME_DOMAIN" => $"ACME_DOMAIN={Domain}",
        "ACME_EMAIL" => "ACME_EMAIL=operator@example.test",
        _ => line,
    };

    /// <summary>Pebble validates at the container's ports: inside the network nothing maps 443 to 8443.</summary>
    private static string Pebble(string folder) => $$"""
        services:
          pebble:
            image: vllm-secure-test/pebble
            networks: [edge]
            volumes: ["{{folder}}/pebble:/pebble:ro"]
            healthcheck:
              test: [CMD, curl, -fsSk, -o, /dev/null, "https://localhost:14000/dir"]
              interval: 1s
              timeout: 5s
              retries: 60
          proxy:
            depends_on: { pebble: { condition: service_healthy } }
            environment:
              Tls__Acme__Directories__0: https://pebble:14000/dir
              Tls__Acme__DirectoryRoot: /pebble/root.pem
            volumes: ["{{folder}}/pebble/root.pem:/pebble/root.pem:ro"]
            networks: { edge: { aliases: [{{Domain}}] } }
          vllm:
            environment:
              SIMULATOR_OPTIONS: --inter-token-latency-ms 100 --output-tokens 40
        """;

    private static async Task WriteAuthorityAsync(string folder)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var root = DevelopmentCertificates.CreateAuthority(rootKey, "pebble", now, now.AddDays(2));
        using var leaf = DevelopmentCertificates.CreateServer(root, leafKey, ["pebble", "localhost"], now, now.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(folder, "root.pem"), root.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "leaf.pem"), leaf.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "leaf.key"), leafKey.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), """
            {"pebble":{
              "listenAddress":"0.0.0.0:14000","managementListenAddress":"127.0.0.1:15000",
              "certificate":"/pebble/leaf.pem","privateKey":"/pebble/leaf.key",
              "httpPort":8080,"tlsPort":8443,"ocspResponderURL":"","externalAccountBindingRequired":false,
              "profiles":{"default":{"description":"ninety days","validityPeriod":7776000}}}}
            """);
    }
}
