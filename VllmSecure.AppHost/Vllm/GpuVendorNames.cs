namespace VllmSecure.AppHost.Vllm;

internal static class GpuVendorNames
{
    public static string DisplayName(this GpuVendor vendor) => vendor == GpuVendor.Amd ? "AMD" : "NVIDIA";
}
