using System.Net.Sockets;
using System.Runtime.InteropServices;
using VllmSecure.Simulator;
using VllmSecure.Simulator.Hosting;

var commandLine = CommandLine.Parse(args);
if (commandLine.WantsHelp)
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
void OnSignal(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
try
{
    await using var simulator = await SimulatedVllm.StartAsync(commandLine.ToOptions(Environment.GetEnvironmentVariable));
    if (await Task.WhenAny(simulator.Loaded, stop.Task) == simulator.Loaded)
    {
        await simulator.Loaded;
        Console.WriteLine($"Simulated vLLM {simulator.Options.Version} serves {string.Join(", ", simulator.Options.Models)} on {simulator.Address}");
        await stop.Task;
    }

    return 0;
}
catch (FormatException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
catch (Exception exception) when (exception is SocketException or ArgumentException or IOException)
{
    Console.Error.WriteLine($"The simulator cannot listen there: {exception.Message}");
    return 1;
}
