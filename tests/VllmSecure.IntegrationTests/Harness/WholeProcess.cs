namespace VllmSecure.IntegrationTests.Harness;

/// <summary>OpenTelemetry listens to the whole process: tests that count spans or metrics have it to themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProcess
{
    public const string Name = "whole process";
}
