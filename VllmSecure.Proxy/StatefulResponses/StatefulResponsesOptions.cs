namespace VllmSecure.Proxy.StatefulResponses;

/// <summary><c>StatefulResponses</c>: whether answers of <c>/v1/responses</c> may be kept by vLLM and used again by their id.</summary>
internal sealed class StatefulResponsesOptions
{
    public const string Section = "StatefulResponses";

    /// <summary>Opens the routes by id, <c>previous_response_id</c>, <c>background</c> and <c>store</c>, each id for the key that it was given to.</summary>
    public bool Enabled { get; set; }

    /// <summary>Ids that are remembered, of all keys together; those that were not used for the longest time go first.</summary>
    public int MaxResponses { get; set; } = 10_000;

    /// <summary>Hours after its last use that an id is remembered.</summary>
    public int Hours { get; set; } = 24;
}
