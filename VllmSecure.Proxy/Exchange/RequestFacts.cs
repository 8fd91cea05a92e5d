using System.Collections.ObjectModel;

namespace VllmSecure.Proxy.Exchange;

/// <summary>What Inspection read from a request body. Facts only, never content.</summary>
internal sealed class RequestFacts
{
    /// <summary>The model asked for, as the client wrote it.</summary>
    public string? Model { get; set; }

    /// <summary>Whether the client asked for server-sent events.</summary>
    public bool Stream { get; set; }

    /// <summary>Whether the client itself asked for usage in the stream.</summary>
    public bool IncludeUsage { get; set; }

    /// <summary>The completion limit in tokens, if the client set one.</summary>
    public long? MaxOutputTokens { get; set; }

    /// <summary>How many answers are asked for (<c>n</c>): each may be as long as <see cref="MaxOutputTokens"/>.</summary>
    public long Choices { get; set; } = 1;

    /// <summary>How many prompts or conversations are given in a list; each gets <see cref="Choices"/> answers.</summary>
    public long Prompts { get; set; } = 1;

    /// <summary>How many answers there will be in all. Both factors are the client's numbers: too large a product is the largest number.</summary>
    public long Answers => Choices <= long.MaxValue / Prompts ? Choices * Prompts : long.MaxValue;

    /// <summary>
    /// The fields of a form with their values as far as they are plain whole numbers (else null); none for JSON, whose members
    /// <see cref="ProxyExchange.Body"/> has.
    /// </summary>
    public IReadOnlyDictionary<string, long?> FormFields { get; set; } = ReadOnlyDictionary<string, long?>.Empty;

    /// <summary>Bytes of the largest field of a form: its file.</summary>
    public long LargestFormField { get; set; }

    /// <summary>Bytes of the request body.</summary>
    public long BodyBytes { get; set; }

    /// <summary>An estimate of the prompt's tokens (4 characters a token), for reservations and balancing.</summary>
    public long EstimatedInputTokens { get; set; }
}
