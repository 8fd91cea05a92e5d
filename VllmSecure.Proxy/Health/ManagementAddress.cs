namespace VllmSecure.Proxy.Health;

/// <summary>Where the management listener answers this machine. The composition root hands in what <c>Listeners</c> knows, so neither folder knows the other.</summary>
internal sealed class ManagementAddress(Func<Uri> get)
{
    /// <summary>The address by configuration, whether or not a proxy runs there. Throws <see cref="Microsoft.Extensions.Options.OptionsValidationException"/>.</summary>
    public Uri Get() => get();
}
