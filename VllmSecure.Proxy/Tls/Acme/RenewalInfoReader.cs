using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Schedule;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>Asks the CA when it wants a certificate renewed (ARI, RFC 9773), as often as it says.</summary>
internal sealed partial class RenewalInfoReader(IHttpClientFactory http, TimeProvider clock, ILogger<RenewalInfoReader> logger)
{
    /// <summary>Updates the window of a certificate where that is due. Never throws: without ARI the lifetime decides.</summary>
    public async Task UpdateAsync(ManagedCertificate managed, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (managed is not { Issued: { } issued, State: { Directory: { } directoryUrl } state }
            || RenewalInfoSchedule.IsAhead(state.NextRenewalInfo, now)
            || RenewalIdentifier.Of(issued.Leaf) is not { } identifier)
        {
            return;
        }

        try
        {
            var client = http.CreateClient(AcmeHttp.Client);
            var directory = await AcmeClient.GetDirectoryAsync(client, directoryUrl, clock, cancellationToken);
            var answer = await AcmeClient.GetRenewalInfoAsync(client, directory, identifier, clock, cancellationToken);
            var window = answer?.Info.SuggestedWindow;
            if (window is not null && window != state.Window)
            {
                Log.Suggested(logger, managed.Identifier.Value, window.Start, window.End, answer?.Info.ExplanationURL ?? "no reason given");
            }

            managed.State = managed.State with { Window = window, NextRenewalInfo = now + RenewalInfoSchedule.Next(answer?.RetryAfter) };
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever went wrong here: the loop that asked must go on, or nothing would be renewed any more.
            Log.NotRead(logger, managed.Identifier.Value, exception.Message);
            managed.State = managed.State with { NextRenewalInfo = now + RenewalInfoSchedule.Next(retryAfter: null) };
        }
    }
}
