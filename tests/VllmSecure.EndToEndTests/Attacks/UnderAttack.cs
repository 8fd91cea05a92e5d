namespace VllmSecure.EndToEndTests.Attacks;

/// <summary>Attacks that take all of a machine, and measure it: they run behind the other tests, one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class UnderAttack : ICollectionFixture<SimulatorTarget>
{
    public const string Name = "under attack";
}
