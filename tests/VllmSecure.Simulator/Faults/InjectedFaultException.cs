namespace VllmSecure.Simulator.Faults;

/// <summary>Leaves an endpoint whose connection a fault has cut: there is nobody to answer any more.</summary>
internal sealed class InjectedFaultException(string message) : Exception(message);
