namespace VllmSecure.Proxy.Inspection;

/// <summary>How an answer is read.</summary>
internal enum AnswerMode
{
    /// <summary>Its headers are not known yet.</summary>
    Unknown,

    /// <summary>Not read: an error, media, compressed.</summary>
    PassThrough,
    Json,
    EventStream,
}
