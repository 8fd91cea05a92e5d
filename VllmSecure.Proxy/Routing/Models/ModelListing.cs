namespace VllmSecure.Proxy.Routing.Models;

/// <summary>What the upstreams listed when they were last asked.</summary>
/// <param name="Models">The union over the upstreams that answered, first come first listed.</param>
/// <param name="Failures">The upstreams that did not answer, each with the reason.</param>
/// <param name="Ready">The servers that listed at least one model.</param>
/// <param name="IsLoading">Whether a server that listed none looks as vLLM does while it loads its model.</param>
internal sealed record ModelListing(IReadOnlyList<ModelEntry> Models, IReadOnlyDictionary<string, string> Failures, IReadOnlyCollection<string> Ready, bool IsLoading)
{
    public ModelEntry? Find(string id) => Models.FirstOrDefault(model => string.Equals(model.Id, id, StringComparison.Ordinal));
}
