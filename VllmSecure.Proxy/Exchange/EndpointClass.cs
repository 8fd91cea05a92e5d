namespace VllmSecure.Proxy.Exchange;

/// <summary>The class of a vLLM endpoint: what is opened or closed together.</summary>
internal enum EndpointClass
{
    Inference,
    Models,
    Tokenizer,
    Realtime,
    Operations,
    Administration,
    Development,
}
