using System.Buffers;
using System.Text.Json;

namespace VllmSecure.Proxy.Exchange;

/// <summary>
/// Passes over plain whole numbers in a JSON array many at a time. A prompt of token ids is nearly nothing else, and a
/// reader that stops at every number spends most of a request's time there.
/// </summary>
/// <param name="body">What the reader reads.</param>
internal struct NumberRun(ReadOnlySequence<byte> body)
{
    /// <summary>Numbers in a row after which a long list is likely.</summary>
    private const int Trigger = 16;

    /// <summary>A shorter run is read faster than a new reader is made.</summary>
    private const int ShortestRun = 256;

    private static readonly SearchValues<byte> Characters = SearchValues.Create("0123456789, "u8);

    private int _inARow;

    /// <summary>Where the reader's text begins within the body: what its own positions are short of. 0 until something was passed over.</summary>
    public long Start { get; private set; }

    /// <summary>
    /// To be asked after each token. Moves the reader on where it stands on a number within a long run of them; the
    /// reader ends on the number before some other ones of the same array.
    /// </summary>
    /// <returns>How many numbers were passed over.</returns>
    public int Skip(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            _inARow = 0;
            return 0;
        }

        if (++_inARow < Trigger)
        {
            return 0;
        }

        _inARow = 0;
        var rest = body.Slice(reader.Position);
        var run = Find(rest.FirstSpan);
        if (run.IsEmpty)
        {
            return 0;
        }

        Start += reader.BytesConsumed + run.Length;
        reader = new Utf8JsonReader(rest.Slice(run.Length), isFinalBlock: true, reader.CurrentState);
        return run.Count((byte)',');
    }

    /// <summary>The whole pairs of a comma and a number at the start, a comma behind them; none where something is unusual.</summary>
    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExcept(Characters);
        var run = length < 0 ? text : text[..length];
        var end = run.LastIndexOf((byte)',');
        if (end < ShortestRun || run[0] != (byte)',')
        {
            return default;
        }

        var withLastComma = run[..(end + 1)];
        run = run[..end];
        return withLastComma.IndexOf(",,"u8) < 0
            && withLastComma.IndexOf(" ,"u8) < 0
            && run.Count((byte)' ') == run.Count(", "u8)
            && !HasLeadingZero(withLastComma)
            ? run
            : default;
    }

    /// <summary>JSON knows no 007 (RFC 8259 section 6).</summary>
    private static bool HasLeadingZero(ReadOnlySpan<byte> run) => HasLongZero(run, ",0"u8) || HasLongZero(run, " 0"u8);

    private static bool HasLongZero(ReadOnlySpan<byte> run, ReadOnlySpan<byte> start)
    {
        for (var at = run.IndexOf(start); at >= 0; at = run.IndexOf(start))
        {
            // A comma ends the run, so one byte more is always there.
            run = run[(at + start.Length)..];
            if (run[0] != (byte)',')
            {
                return true;
            }
        }

        return false;
    }
}
