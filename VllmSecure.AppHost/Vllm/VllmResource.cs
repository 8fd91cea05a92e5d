namespace VllmSecure.AppHost.Vllm;

/// <summary>
/// A vLLM server. It is a container unless something stands in for it (<see cref="Server"/>), the way Aspire's own
/// resources are run as an emulator; its connection string is the same in every mode.
/// </summary>
/// <param name="name">The resource's name.</param>
/// <param name="settings">How it is started, shared between replicas.</param>
/// <param name="index">0 for the first of several replicas.</param>
/// <param name="primary">The first of several replicas, for the others.</param>
internal sealed class VllmResource(string name, VllmSettings settings, int index = 0, VllmResource? primary = null)
    : ContainerResource(name), IResourceWithConnectionString
{
    public const string EndpointName = "http";

    /// <summary>vLLM's default.</summary>
    public const int Port = 8000;

    /// <summary>The same, as an argument.</summary>
    public const string PortText = "8000";

    private readonly List<IResourceBuilder<VllmResource>> _replicas = [];

    public VllmSettings Settings { get; } = settings;

    /// <summary>The first of several replicas; null for the first itself.</summary>
    public VllmResource? Primary { get; } = primary;

    /// <summary>The further servers of the same model, after this one.</summary>
    public IList<IResourceBuilder<VllmResource>> FurtherReplicas => _replicas;

    /// <summary>The GPUs of this replica; empty for all there are.</summary>
    public IReadOnlyList<int> Devices => index == 0 && _replicas.Count == 0
        ? []
        : [.. Enumerable.Range(index * Settings.Gpus, Settings.Gpus)];

    /// <summary>What runs in this resource's place: itself, the simulator or a process.</summary>
    public IResourceWithEndpoints? Server { get; set; }

    /// <summary>The address of a server that runs already.</summary>
    public Uri? ExternalAddress { get; set; }

    /// <summary>The endpoint that serves the OpenAI API.</summary>
    public EndpointReference PrimaryEndpoint => new(Server ?? this, EndpointName);

    /// <summary>The base address, without <c>/v1</c>.</summary>
    public ReferenceExpression Address => ExternalAddress is { } address
        ? ReferenceExpression.Create($"{address.GetLeftPart(UriPartial.Authority)}")
        : ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Url)}");

    /// <summary>In the form of Aspire's OpenAI integrations: <c>Endpoint=…;Key=…;Model=…</c>.</summary>
    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            var expression = new ReferenceExpressionBuilder();
            expression.Append($"Endpoint={Address}/v1");
            if (Settings.ApiKey is { } key)
            {
                expression.Append($";Key={key}");
            }

            expression.AppendLiteral(";Model=");
            AppendModel(expression);
            return expression.Build();
        }
    }

    private void AppendModel(ReferenceExpressionBuilder expression)
    {
        if (Settings.ServedModelName is null && Settings.Model is ParameterResource parameter)
        {
            expression.Append($"{parameter}");
        }
        else
        {
            expression.AppendLiteral(Settings.ServedModelName ?? (string)Settings.Model);
        }
    }
}
