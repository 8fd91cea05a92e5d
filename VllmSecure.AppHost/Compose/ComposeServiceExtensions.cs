using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace VllmSecure.AppHost.Compose;

/// <summary>What every published service has in common.</summary>
internal static class ComposeServiceExtensions
{
    /// <summary>No way to more privileges, and logs that cannot fill the disk.</summary>
    public static void Harden(this Service service)
    {
        service.SecurityOpt.Add("no-new-privileges:true");
        service.Logging = new Logging
        {
            Driver = "json-file",
            Options = new(StringComparer.Ordinal) { ["max-size"] = "20m", ["max-file"] = "5" },
        };
    }

    /// <summary>Mounts a secret as a file below <c>/run/secrets</c>.</summary>
    /// <param name="service">The service.</param>
    /// <param name="name">The secret's name: its file below <c>secrets/</c>, beside the published files.</param>
    /// <param name="target">The file's name inside, when it is a configuration key.</param>
    public static void UseSecret(this Service service, string name, string? target = null) =>
        service.Secrets.Add(new SecretReference { Source = name, Target = target ?? name });
}
