using Yarp.ReverseProxy.LoadBalancing;

namespace VllmSecure.Proxy.Routing.Balancing;

/// <summary>The values of <c>Routing:Policy</c>.</summary>
internal static class BalancingPolicies
{
    public const string LeastLoad = nameof(LeastLoad);

    public const string PrefixAffinity = nameof(PrefixAffinity);

    /// <summary>Ours first, then YARP's.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        LeastLoad, PrefixAffinity, LoadBalancingPolicies.RoundRobin, LoadBalancingPolicies.LeastRequests,
        LoadBalancingPolicies.PowerOfTwoChoices, LoadBalancingPolicies.Random, LoadBalancingPolicies.FirstAlphabetical,
    ];
}
