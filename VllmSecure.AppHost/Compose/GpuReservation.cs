namespace VllmSecure.AppHost.Compose;

/// <summary>The GPUs of one service.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Count">How many.</param>
/// <param name="Devices">Which, where several services share the server; else Docker chooses.</param>
internal sealed record GpuReservation(string Service, int Count, IReadOnlyList<int> Devices);
