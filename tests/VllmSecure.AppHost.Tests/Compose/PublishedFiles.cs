using Aspire.Hosting.Testing;
using YamlDotNet.RepresentationModel;

namespace VllmSecure.AppHost.Tests.Compose;

/// <summary>The files of <c>aspire publish</c>, in a folder that goes away with it.</summary>
internal sealed class PublishedFiles : IDisposable
{
    private PublishedFiles(string folder) => Folder = folder;

    public string Folder { get; }

    public string ComposeFile => Read("docker-compose.yaml");

    public static async Task<PublishedFiles> PublishAsync(params string[] arguments)
    {
        var files = new PublishedFiles(Directory.CreateTempSubdirectory("vllm-secure-publish-").FullName);
        await files.PublishAgainAsync(arguments);
        return files;
    }

    /// <summary>Publishes to the same folder.</summary>
    public async Task PublishAgainAsync(params string[] arguments)
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.VllmSecure_AppHost>(
            ["--operation", "publish", "--step", "publish", "--output-path", Folder, .. arguments]);
        await using var application = await builder.BuildAsync();
        await application.RunAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2));
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>The services by name, as YAML.</summary>
    public IDictionary<string, YamlMappingNode> Services()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(ComposeFile));
        return ((YamlMappingNode)yaml.Documents[0].RootNode["services"]).Children
            .ToDictionary(entry => entry.Key.ToString(), entry => (YamlMappingNode)entry.Value);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
