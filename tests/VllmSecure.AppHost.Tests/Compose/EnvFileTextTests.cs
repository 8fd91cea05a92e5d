using VllmSecure.AppHost.Compose;

namespace VllmSecure.AppHost.Tests.Compose;

public sealed class EnvFileTextTests
{
    private static readonly Dictionary<string, EnvValue> Values = new() { ["MODEL"] = new("The model.", "small"), ["DOMAIN"] = new("The name.", null) };

    [Fact]
    public void Complete_NamesOnly_ExplainsAndFillsIn()
    {
        var text = EnvFileText.Complete("# Parameter domain\nDOMAIN=\n\n# Parameter model\nMODEL=\n", Values);

        Assert.EndsWith("\n# The name.\nDOMAIN=\n\n# The model.\nMODEL=small\n", text);
        Assert.DoesNotContain("Parameter", text);
    }

    [Fact]
    public void Complete_ValueOfTheOperator_IsKept() => Assert.Contains("\nMODEL=large\n", EnvFileText.Complete("MODEL=large\n", Values));

    /// <summary>Volumes are named after the project: under another name they would be new, and empty.</summary>
    [Fact]
    public void Complete_ProjectNameOfTheOperator_IsKept()
    {
        var text = EnvFileText.Complete(EnvFileText.Complete("MODEL=\n", Values).Replace("=vllm-secure\n", "=my-llm\n", StringComparison.Ordinal), Values);

        Assert.Contains("\nCOMPOSE_PROJECT_NAME=my-llm\n", text);
        Assert.DoesNotContain("vllm-secure", text);
    }

    [Fact]
    public void Complete_Twice_IsTheSame()
    {
        var once = EnvFileText.Complete("DOMAIN=llm.example.com\nMODEL=\n", Values);

        Assert.Equal(once, EnvFileText.Complete(once, Values));
    }
}
