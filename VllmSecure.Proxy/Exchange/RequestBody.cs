using System.Buffers;
using System.Text;
using System.Text.Json;

namespace VllmSecure.Proxy.Exchange;

/// <summary>
/// A JSON request body that was read whole and found well-formed: valid UTF-8, one object, no name twice in any object.
/// Whoever wants to know or change something in it does so here; nothing else touches the bytes.
/// </summary>
/// <param name="request">Its Content-Length follows the edits.</param>
/// <param name="bytes">The body as the client sent it.</param>
/// <param name="root">Where the root object stands.</param>
/// <param name="members">The members of the root object in their order.</param>
internal sealed class RequestBody(
    HttpRequest request, ReadOnlySequence<byte> bytes, BodyRange root, IReadOnlyList<BodyMember> members)
{
    private readonly BodyEdits _edits = new();

    /// <summary>The body as the client sent it. Pooled memory: gone when the upstream has answered, or the exchange ends.</summary>
    public ReadOnlySequence<byte> Bytes { get; } = bytes;

    /// <summary>The body as the upstream gets it.</summary>
    public ReadOnlySequence<byte> Content { get; private set; } = bytes;

    /// <summary>The members of the root object in their order.</summary>
    public IReadOnlyList<BodyMember> Members => members;

    /// <summary>Finds a member of the root object.</summary>
    public bool TryGetMember(string name, out BodyRange value)
    {
        foreach (var member in Members)
        {
            if (member.Name == name)
            {
                value = member.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Whether a member of the root object that the client sent has another value by now.</summary>
    public bool IsEdited(string name) => TryGetMember(name, out var value) && _edits.Contains(value);

    /// <summary>Gives a member of the root object another value, or adds it. Set again, the last value counts.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="json">Its value as UTF-8 JSON.</param>
    public void SetMember(string name, ReadOnlySpan<byte> json)
    {
        if (TryGetMember(name, out var value))
        {
            Replace(value, json.ToArray());
            return;
        }

        // Behind the opening brace, where no comma of the client's is in the way.
        var separator = Members.Count > 0 ? "," : string.Empty;
        var head = Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(name)}\":");
        byte[] member = [.. head, .. json, .. Encoding.UTF8.GetBytes(separator)];
        Edit(new BodyRange(root.Offset + 1, 0), name, member);
    }

    /// <summary>Puts other bytes in place of a range, for example of a nested value.</summary>
    public void Replace(BodyRange range, ReadOnlyMemory<byte> json) => Edit(range, string.Empty, json);

    private void Edit(BodyRange range, string key, ReadOnlyMemory<byte> json)
    {
        _edits.Set(range, key, json);
        Content = _edits.Apply(Bytes);
        request.ContentLength = Content.Length;
    }
}
