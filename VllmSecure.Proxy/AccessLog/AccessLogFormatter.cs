using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.AccessLog;

/// <summary>An entry as a line of JSON (UTF-8, ended by a line feed).</summary>
internal sealed class AccessLogFormatter(IOptions<AccessLogOptions> options)
{
    // Most lines; a longer one grows the buffer.
    private const int UsualLength = 768;

    private readonly AccessLogField[] _fields = AccessLogFields.Enabled(options.Value);

    public ReadOnlyMemory<byte> Format(AccessLogEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(UsualLength);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var field in _fields)
            {
                json.WritePropertyName(field.Name);
                field.WriteValue(json, entry);
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }
}
