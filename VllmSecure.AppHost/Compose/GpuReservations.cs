using System.Globalization;
using VllmSecure.AppHost.Vllm;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace VllmSecure.AppHost.Compose;

/// <summary>Adds device reservations to a published Compose file: Aspire's model of one has no place for them, and without them vLLM finds no GPU.</summary>
internal static class GpuReservations
{
    /// <summary>What a vLLM and its replicas need.</summary>
    public static IReadOnlyList<GpuReservation> For(VllmResource vllm) => vllm.Settings.GpuVendor != GpuVendor.Nvidia || vllm.ExternalAddress is not null
        ? []
        : [.. vllm.FurtherReplicas.Select(replica => replica.Resource).Prepend(vllm)
            .Select(replica => new GpuReservation(replica.Name, vllm.Settings.Gpus, replica.Devices))];

    /// <summary>The Compose file with the reservations, in the form that every Docker Compose with the NVIDIA toolkit understands.</summary>
    /// <exception cref="InvalidOperationException">The file lacks a service.</exception>
    public static string AddTo(string composeFile, IReadOnlyList<GpuReservation> reservations)
    {
        if (reservations.Count == 0)
        {
            return composeFile;
        }

        var yaml = new YamlStream();
        yaml.Load(new StringReader(composeFile));
        var services = (YamlMappingNode)yaml.Documents[0].RootNode["services"];
        foreach (var reservation in reservations)
        {
            if (!services.Children.TryGetValue(reservation.Service, out var service))
            {
                throw new InvalidOperationException($"The published Compose file has no service '{reservation.Service}' to give GPUs to.");
            }

            ((YamlMappingNode)service).Add("deploy", Mapping("resources", Mapping("reservations", Mapping("devices", new YamlSequenceNode(Device(reservation))))));
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        yaml.Save(new Emitter(text, new EmitterSettings(2, int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024, indentSequences: true, newLine: "\n")), assignAnchors: false);
        return text.ToString().TrimEnd().TrimEnd('.').TrimEnd() + "\n";
    }

    private static YamlMappingNode Device(GpuReservation reservation)
    {
        var device = Mapping("driver", new YamlScalarNode("nvidia"));
        if (reservation.Devices.Count == 0)
        {
            device.Add("count", new YamlScalarNode(Text(reservation.Count)));
        }
        else
        {
            // A count alone would give every replica the same first GPUs.
            device.Add("device_ids", new YamlSequenceNode(reservation.Devices.Select(index =>
                new YamlScalarNode(Text(index)) { Style = ScalarStyle.DoubleQuoted })));
        }

        device.Add("capabilities", new YamlSequenceNode(new YamlScalarNode("gpu")));
        return device;
    }

    private static YamlMappingNode Mapping(string key, YamlNode value) => new(new YamlScalarNode(key), value);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
