using System.Buffers;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>The objects and arrays that are open, innermost last.</summary>
internal ref struct PolicyStack()
{
    private PolicyFrame[] _frames = ArrayPool<PolicyFrame>.Shared.Rent(64);

    public int Depth { get; private set; }

    /// <summary>The innermost one; only while one is open.</summary>
    public readonly ref PolicyFrame Top => ref _frames[Depth - 1];

    public void Push(PolicyFrame frame)
    {
        if (Depth == _frames.Length)
        {
            var larger = ArrayPool<PolicyFrame>.Shared.Rent(Depth * 2);
            _frames.CopyTo(larger, 0);
            ArrayPool<PolicyFrame>.Shared.Return(_frames);
            _frames = larger;
        }

        _frames[Depth++] = frame;
    }

    public PolicyFrame Pop() => _frames[--Depth];

    public readonly void Dispose() => ArrayPool<PolicyFrame>.Shared.Return(_frames, clearArray: true);
}
