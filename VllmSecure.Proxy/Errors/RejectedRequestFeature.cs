namespace VllmSecure.Proxy.Errors;

/// <summary>Connection feature: the status with which the server rejected the current request before any middleware saw it; 0 if it did not.</summary>
internal sealed class RejectedRequestFeature
{
    public int Status { get; set; }
}
