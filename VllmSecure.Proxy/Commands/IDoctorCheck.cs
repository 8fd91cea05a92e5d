namespace VllmSecure.Proxy.Commands;

/// <summary>A check of <c>doctor</c>. A feature registers its own as <c>services.AddSingleton&lt;IDoctorCheck, XxxCheck&gt;()</c>.</summary>
internal interface IDoctorCheck
{
    /// <summary>A word or two that start each of its lines.</summary>
    string Name { get; }

    /// <summary>
    /// Looks and reports, one finding for each thing looked at. What can go wrong with that thing is a finding, not an
    /// exception; every wait has an end.
    /// </summary>
    IAsyncEnumerable<DoctorFinding> RunAsync(CancellationToken cancellationToken);
}
