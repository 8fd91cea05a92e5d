using Yarp.ReverseProxy.Model;

namespace VllmSecure.Proxy.Routing;

/// <summary>A place where a request can go.</summary>
internal readonly record struct UpstreamCandidate(ClusterState Cluster, DestinationState Destination);
