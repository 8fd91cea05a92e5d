namespace VllmSecure.Simulator.Http;

/// <summary>vLLM allows every origin unless told otherwise: what a proxy has to take away again.</summary>
internal static class CrossOrigin
{
    /// <summary>Whether the request was a preflight, and is answered.</summary>
    public static bool Apply(HttpContext http)
    {
        if (http.Request.Headers.Origin.Count == 0)
        {
            return false;
        }

        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        if (http.Request.Method is not "OPTIONS" || http.Request.Headers.AccessControlRequestMethod.Count == 0)
        {
            return false;
        }

        headers.AccessControlAllowMethods = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
        headers.AccessControlAllowHeaders = http.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = "600";
        return true;
    }
}
