namespace VllmSecure.Proxy.Tls.Acme.Challenges;

/// <summary>Answers the CA's GET of <c>/.well-known/acme-challenge/TOKEN</c>; everything else passes on.</summary>
internal sealed class Http01Responder(RequestDelegate next, Http01Solver solver)
{
    private static readonly PathString Folder = "/.well-known/acme-challenge";

    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method)
            || !context.Request.Path.StartsWithSegments(Folder, StringComparison.Ordinal, out var token)
            || await solver.AnswerAsync(token.Value?.TrimStart('/') ?? "", context.RequestAborted) is not { } answer)
        {
            await next(context);
            return;
        }

        // The type that RFC 8555 section 8.3 shows; a sniffing browser must not take it for a page.
        context.Response.ContentType = "application/octet-stream";
        await context.Response.WriteAsync(answer, context.RequestAborted);
    }
}
