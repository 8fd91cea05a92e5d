namespace VllmSecure.Simulator.Http;

/// <summary>
/// Paths to handlers, as Starlette routes: case-sensitive, on the path decoded once, dot segments and double slashes
/// left alone. ASP.NET Core's routing differs in each of these, and a firewall's test must not pass for that reason.
/// </summary>
internal sealed class EndpointTable
{
    private readonly Dictionary<string, List<Endpoint>> _paths = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, List<Endpoint>>> All => _paths;

    public void Get(string path, EndpointHandler handler) => Add(path, new Endpoint("GET", handler, IsInference: false));

    public void Post(string path, EndpointHandler handler) => Add(path, new Endpoint("POST", handler, IsInference: false));

    public void Both(string path, EndpointHandler handler)
    {
        Get(path, handler);
        Post(path, handler);
    }

    public void Inference(string path, EndpointHandler handler) => Add(path, new Endpoint("POST", handler, IsInference: true));

    /// <summary>The methods of a path; <c>{id}</c> in a template stands for one segment.</summary>
    public IReadOnlyList<Endpoint> Find(string path) =>
        _paths.TryGetValue(path, out var endpoints) || _paths.TryGetValue(Template(path), out endpoints) ? endpoints : [];

    private static string Template(string path)
    {
        const string Responses = "/v1/responses/";
        if (!path.StartsWith(Responses, StringComparison.Ordinal))
        {
            return path;
        }

        var slash = path.IndexOf('/', Responses.Length);
        return Responses + "{id}" + (slash < 0 ? string.Empty : path[slash..]);
    }

    private void Add(string path, Endpoint endpoint)
    {
        if (!_paths.TryGetValue(path, out var endpoints))
        {
            _paths[path] = endpoints = [];
        }

        endpoints.Add(endpoint);
    }
}
