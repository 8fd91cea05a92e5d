using Aspire.Hosting.Docker;

namespace VllmSecure.AppHost.Compose;

/// <summary>A line of the published <c>.env</c>.</summary>
/// <param name="Explanation">What it is for, in one line.</param>
/// <param name="Default">A value that can be used as it stands; null where only the operator knows it.</param>
internal sealed record EnvValue(string Explanation, string? Default)
{
    /// <summary>What Aspire knows of a variable, and what it does not.</summary>
    public static EnvValue For(string name, CapturedEnvironmentVariable variable) => variable.Source switch
    {
        ParameterResource { Secret: false } parameter => new(
            parameter.Description ?? variable.Description ?? name,
            parameter.Default?.GetDefaultValue()),
        _ when name.EndsWith("_IMAGE", StringComparison.Ordinal) => new(
            "The proxy's image: what `dotnet publish /t:PublishContainer` made, as `docker load` or your registry names it.",
            "vllm-secure-proxy:latest"),
        _ => new(variable.Description ?? name, null),
    };
}
