using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VllmSecure.AppHost.Vllm;

/// <summary>
/// Asks for what matters: the engine lives, and the model is listed. A port that is open proves neither, and while the
/// weights load nothing listens at all.
/// </summary>
internal sealed class VllmHealthCheck(VllmResource vllm, IHttpClientFactory clients) : IHealthCheck
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(AnswerWithin);
        try
        {
            return await CheckAsync(timeout.Token);
        }
        catch (HttpRequestException)
        {
            return HealthCheckResult.Unhealthy("Nothing listens yet: vLLM opens its port when the model is loaded.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"No answer within {AnswerWithin.TotalSeconds} s.");
        }
        catch (JsonException)
        {
            return HealthCheckResult.Unhealthy("/v1/models did not answer as vLLM does.");
        }
    }

    /// <summary>Whether the answer of <c>/v1/models</c> lists a model.</summary>
    internal static bool Lists(JsonElement models, string model) =>
        models.ValueKind == JsonValueKind.Object
        && models.TryGetProperty("data", out var data)
        && data.ValueKind == JsonValueKind.Array
        && data.EnumerateArray().Any(entry => entry.TryGetProperty("id", out var id) && id.ValueEquals(model));

    private async Task<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        var address = await vllm.Address.GetValueAsync(cancellationToken);
        if (address is null)
        {
            return HealthCheckResult.Unhealthy("The address is not allocated yet.");
        }

        using var client = clients.CreateClient(nameof(VllmHealthCheck));
        client.BaseAddress = new Uri(address);
        using var health = await client.GetAsync(new Uri("/health", UriKind.Relative), cancellationToken);
        if (!health.IsSuccessStatusCode)
        {
            return HealthCheckResult.Unhealthy($"/health answered {(int)health.StatusCode}: the engine is dead.");
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        if (vllm.Settings.ApiKey is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await key.GetValueAsync(cancellationToken));
        }

        using var response = await client.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return HealthCheckResult.Unhealthy($"/v1/models answered {(int)response.StatusCode}.");
        }

        using var models = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
        var model = await vllm.Settings.GetModelNameAsync(cancellationToken);
        return Lists(models.RootElement, model)
            ? HealthCheckResult.Healthy($"{model} is served.")
            : HealthCheckResult.Unhealthy($"{model} is not listed.");
    }
}
