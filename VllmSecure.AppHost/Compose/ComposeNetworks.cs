namespace VllmSecure.AppHost.Compose;

/// <summary>The networks of the published stack.</summary>
internal static class ComposeNetworks
{
    /// <summary>With a way out, and the only one from which ports can be published.</summary>
    public const string Edge = "edge";

    /// <summary>Without a way out: vLLM, what asks it, and where its spans go.</summary>
    public const string Inference = "inference";
}
