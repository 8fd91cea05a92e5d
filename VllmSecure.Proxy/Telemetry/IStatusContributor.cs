using System.Text.Json;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>A feature's part of <c>/status</c> on the management listener: facts for operators, never a secret.</summary>
internal interface IStatusContributor
{
    /// <summary>The property of the status object.</summary>
    string Name { get; }

    /// <summary>Writes one JSON value from memory: status is asked often and must not wait.</summary>
    void Write(Utf8JsonWriter json);
}
