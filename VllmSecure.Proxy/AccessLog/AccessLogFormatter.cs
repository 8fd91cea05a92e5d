using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.AccessLog;

/// <summary>An entry as a line of JSON (UTF-8, ended by a line feed).</summary>
internal sealed class AccessLogFormatter(IOptions<AccessLogOptions> options)
{
    // Most lines; a longer one grows the buffer.
    private const int UsualLength = 1024;

    private readonly AccessLogField[] _fields = AccessLogFields.Enabled(options.Value);

    // One for each thread: a line is written in one go, and with writers of its own would cost three times its size in memory.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    public ReadOnlyMemory<byte> Format(AccessLogEntry entry)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(UsualLength);
        var json = _json ??= new Utf8JsonWriter(buffer);
        buffer.ResetWrittenCount();
        json.Reset(); // Also of what an earlier line left behind that could not be written.
        json.WriteStartObject();
        foreach (var field in _fields)
        {
            json.WritePropertyName(field.EncodedName);
            field.WriteValue(json, entry);
        }

        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
