using System.Buffers.Binary;
using VllmSecure.Simulator.Engine;

namespace VllmSecure.Simulator.Endpoints.Pooling;

/// <summary>Unit vectors that depend on the tokens alone.</summary>
internal static class Embedding
{
    public static float[] Of(IReadOnlyList<string> tokens, int dimensions)
    {
        var random = new SeededRandom(tokens.Aggregate(StableHash.Start, (hash, token) => StableHash.Add(hash, token)));
        var vector = new float[dimensions];
        for (var index = 0; index < dimensions; index++)
        {
            vector[index] = (float)random.NextNormal();
        }

        var length = MathF.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }

    /// <summary>Little-endian 32-bit floats in base64: what OpenAI's clients ask for.</summary>
    public static string ToBase64(float[] vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var index = 0; index < vector.Length; index++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(index * sizeof(float)), vector[index]);
        }

        return Convert.ToBase64String(bytes);
    }
}
