using System.Collections.Concurrent;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Caching;

/// <summary>The requests that are under way and that equal ones may wait for.</summary>
internal sealed class Flights
{
    private readonly ConcurrentDictionary<CacheKey, Flight> _flights = new();

    /// <summary>Requests that wait for another.</summary>
    public int Waiting => _flights.Values.Sum(flight => flight.Waiting);

    /// <summary>The one under way for a key, or else that of this exchange from now on.</summary>
    public Flight Find(CacheKey key, ProxyExchange exchange, out bool isOwn)
    {
        var own = new Flight(exchange);
        var flight = _flights.GetOrAdd(key, own);
        isOwn = ReferenceEquals(flight, own);
        return flight;
    }

    public void Remove(CacheKey key, Flight flight) => _flights.TryRemove(KeyValuePair.Create(key, flight));
}
