using Yarp.ReverseProxy.Transforms.Builder;

namespace VllmSecure.Proxy.Routing;

/// <summary>Replaces YARP's default copying of headers, forwarding headers included, by the two transforms of ours.</summary>
internal sealed class UpstreamTransforms(UpstreamRequestTransform request, UpstreamResponseTransform response) : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context)
    {
        context.UseDefaultForwarders = false;
        context.CopyRequestHeaders = false;
        context.CopyResponseHeaders = false;
        context.CopyResponseTrailers = false;
        context.RequestTransforms.Add(request);
        context.ResponseTransforms.Add(response);
    }
}
