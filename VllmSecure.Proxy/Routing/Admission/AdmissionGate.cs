using System.Threading.Channels;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Routing.Choice;
using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing.Admission;

/// <summary>
/// Holds requests back while every server that may serve them is full by its engine's own word, and lets them on in turns
/// of keys. In the engine's queue the first come would be served first, however many a single key has there.
/// </summary>
internal sealed class AdmissionGate
{
    private readonly Lock _gate = new();
    private readonly UpstreamServers _servers;
    private readonly RequestRouter _router;
    private readonly AdmissionOptions _options;
    private readonly TimeProvider _clock;
    private readonly FairQueue<QueuedRequest> _queue;
    private readonly CompletionRate _rate;
    private readonly Func<UpstreamServer, bool> _hasRoom;
    private readonly Func<UpstreamServer, bool> _isInSight;
    private readonly HashSet<(string? Model, string? BoundServer, string? Key)> _held = [];
    private readonly Channel<bool> _fillings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _unsent;

    public AdmissionGate(UpstreamServers servers, RequestRouter router, IOptions<AdmissionOptions> options, TimeProvider clock)
    {
        _servers = servers;
        _router = router;
        _options = options.Value;
        _clock = clock;
        _queue = new(_options.MaxQueued, _options.MaxQueuedPerKey);
        _rate = new(clock);
        _hasRoom = server => HasRoom(server, own: 0, mustBeInSight: true);
        _isInSight = servers.IsInSight;
    }

    /// <summary>Whether requests for this endpoint may have to wait: those that make an engine work.</summary>
    public bool Guards(ProxyExchange exchange) => _options.Enabled && exchange.Endpoint is { Operation: not null };

    /// <summary>Requests that wait now.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>Tells that requests have begun to wait.</summary>
    public ChannelReader<bool> Fillings => _fillings.Reader;

    /// <summary>Waits until the request may go to a server of its route, its time is up, or it is given up (then it throws).</summary>
    public async ValueTask<AdmissionAnswer> EnterAsync(ProxyExchange exchange, RequestRoute route)
    {
        var key = exchange.Client?.KeyId ?? string.Empty;
        var since = _clock.GetTimestamp();
        QueuedRequest request;
        lock (_gate)
        {
            // First those that wait: then what room is left is room that none of them can use.
            LetOn();
            if (MayGo(route))
            {
                _unsent++;
                return new AdmissionAnswer(new AdmissionTicket(this, hasWaited: false), route);
            }

            request = new QueuedRequest(exchange, route);
            if (!_queue.TryAdd(key, request))
            {
                return Refuse(key, route);
            }
        }

        _fillings.Writer.TryWrite(true);
        try
        {
            var patience = TimeSpan.FromSeconds(_options.MaxWaitSeconds) - _clock.GetElapsedTime(since);
            await request.Admitted.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, _clock, exchange.Aborted);
        }
        catch (TimeoutException)
        {
            lock (_gate)
            {
                if (_queue.Remove(key, request))
                {
                    return Refuse(key, route);
                }
            }
        }
        catch (OperationCanceledException)
        {
            GiveUp(key, request);
            throw;
        }
        finally
        {
            exchange.QueueTime = _clock.GetElapsedTime(since);
        }

        return new AdmissionAnswer(new AdmissionTicket(this, hasWaited: true), request.Route);
    }

    /// <summary>Whether a server has room beside the requests that were let on and stand on no server yet.</summary>
    /// <param name="server">The server.</param>
    /// <param name="own">How many of those not to count.</param>
    /// <param name="mustBeInSight">
    /// Whether one that is out of sight has none: those that wait and that it cannot serve would all come upon the others. To the rest it
    /// is one like others, until its breaker opens: a single look that fails must not send them to a standby or another model.
    /// </param>
    public bool HasRoom(UpstreamServer server, int own, bool mustBeInSight) =>
        (!mustBeInSight || _servers.IsInSight(server))
        && EngineRoom.Of(_servers.GaugesOf(server), server.Requests, _options) - (Volatile.Read(ref _unsent) - own) >= 1;

    /// <summary>Lets on what has room by now.</summary>
    public void Update()
    {
        lock (_gate)
        {
            LetOn();
        }
    }

    internal void Sent()
    {
        lock (_gate)
        {
            _unsent--;
            LetOn();
        }
    }

    internal void Ended()
    {
        lock (_gate)
        {
            _rate.Add();
            LetOn();
        }
    }

    private void LetOn()
    {
        _held.Clear();
        while (_queue.Count > 0 && _queue.TryTake(MayGoNow, out var next))
        {
            _unsent++;
            next.Admit();
        }
    }

    /// <summary>Servers come, go and recover while a request waits. One that is held holds those like it: the room only shrinks here.</summary>
    private bool MayGoNow(QueuedRequest request)
    {
        if (_held.Contains(request.Kind))
        {
            return false;
        }

        request.Route = _router.Route(request.Exchange);
        if (MayGo(request.Route))
        {
            return true;
        }

        _held.Add(request.Kind);
        return false;
    }

    /// <summary>A server has room, or none is in sight, and so nothing to wait for.</summary>
    private bool MayGo(RequestRoute route) => route.HasUntried(_hasRoom) || !route.HasUntried(_isInSight);

    private AdmissionAnswer Refuse(string key, RequestRoute route) => new(Ticket: null, route, RetryTime.Of(_queue.TurnsUntil(key), _rate.PerSecond));

    private void GiveUp(string key, QueuedRequest request)
    {
        lock (_gate)
        {
            if (!_queue.Remove(key, request))
            {
                _unsent--; // It was let on in the same moment: somebody else's room.
                LetOn();
            }
        }
    }
}
