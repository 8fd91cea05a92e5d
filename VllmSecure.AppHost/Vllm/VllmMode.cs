namespace VllmSecure.AppHost.Vllm;

/// <summary>What serves as vLLM (<c>Vllm:Mode</c>).</summary>
internal enum VllmMode
{
    /// <summary>Container where a GPU and a container runtime are there, else Simulator; Container when publishing.</summary>
    Auto,

    /// <summary>vLLM's image on one or more GPUs.</summary>
    Container,

    /// <summary>vLLM's CPU image: slow, for a small model.</summary>
    Cpu,

    /// <summary><c>vllm serve</c> from the PATH of this machine.</summary>
    Process,

    /// <summary>Servers that run already (<c>Vllm:Addresses:n</c>).</summary>
    External,

    /// <summary>The simulated vLLM of this repository.</summary>
    Simulator,
}
