namespace VllmSecure.Proxy.Commands;

/// <summary>Where the management listener answers this machine: commands ask the running proxy there. The composition root hands in what <c>Listeners</c> knows.</summary>
internal sealed class ManagementAddress(Func<Uri> get)
{
    /// <summary>The address by configuration, whether or not a proxy runs there. Throws <see cref="Microsoft.Extensions.Options.OptionsValidationException"/>.</summary>
    public Uri Get() => get();
}
