using System.Text;
using System.Text.Json;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Chat;

/// <summary>The chat form of log probabilities: a simulated model is equally sure of every token.</summary>
internal static class Logprobs
{
    private const double OfEveryToken = -0.125;

    public static void Write(Utf8JsonWriter json, IEnumerable<Piece>? pieces)
    {
        if (pieces is null)
        {
            json.WriteNull("logprobs");
            return;
        }

        json.WriteStartObject("logprobs");
        json.WriteStartArray("content");
        foreach (var piece in pieces)
        {
            json.WriteStartObject();
            Json.WriteText(json, "token", piece.Text);
            json.WriteNumber("logprob", OfEveryToken);
            json.WriteStartArray("bytes");
            foreach (var value in Encoding.UTF8.GetBytes(piece.Text))
            {
                json.WriteNumberValue(value);
            }

            json.WriteEndArray();
            json.WriteStartArray("top_logprobs");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
