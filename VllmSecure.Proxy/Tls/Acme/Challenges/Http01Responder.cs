namespace VllmSecure.Proxy.Tls.Acme.Challenges;

/// <summary>Answers the CA's GET of <c>/.well-known/acme-challenge/TOKEN</c>; everything else passes on.</summary>
internal sealed class Http01Responder(RequestDelegate next, Http01Solver solver)
{
    private static readonly PathString Folder = "/.well-known/acme-challenge";

    public Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method)
            || !context.Request.Path.StartsWithSegments(Folder, StringComparison.Ordinal, out var token)
            || solver.AnswerFor(token.Value?.TrimStart('/') ?? "") is not { } answer)
        {
            return next(context);
        }

        // The type that RFC 8555 section 8.3 shows; a sniffing browser must not take it for a page.
        context.Response.ContentType = "application/octet-stream";
        return context.Response.WriteAsync(answer, context.RequestAborted);
    }
}
