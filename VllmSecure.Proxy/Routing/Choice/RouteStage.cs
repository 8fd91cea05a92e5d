namespace VllmSecure.Proxy.Routing.Choice;

/// <summary>Servers among which the load is balanced, and the model to ask them for.</summary>
/// <param name="Model">The model; null: the request names none.</param>
/// <param name="Servers">Indexes of servers.</param>
internal sealed record RouteStage(string? Model, IReadOnlyList<int> Servers);
