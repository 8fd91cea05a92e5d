namespace VllmSecure.Proxy.Storage;

/// <summary>Where the proxy keeps what must survive a restart.</summary>
internal sealed class StorageOptions
{
    /// <summary><c>DataDirectory</c>: certificates, keys and usage. Default: the user's local application data + <c>vllm-secure</c>.</summary>
    public string DataDirectory { get; set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "vllm-secure");
}
