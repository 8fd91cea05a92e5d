using VllmSecure.AppHost.Compose;

namespace VllmSecure.AppHost.Tests.Compose;

public sealed class GpuReservationsTests
{
    private const string ComposeFile = "services:\n  vllm:\n    image: \"a\"\n    command:\n      - \"${MODEL}\"\n  proxy:\n    image: \"b\"\n";

    [Fact]
    public void AddTo_OneServer_ReservesACount() =>
        Assert.Equal(
            ComposeFile.Replace(
                "  proxy:",
                """
                    deploy:
                      resources:
                        reservations:
                          devices:
                            - driver: nvidia
                              count: 2
                              capabilities:
                                - gpu
                  proxy:
                """.ReplaceLineEndings("\n"),
                StringComparison.Ordinal),
            GpuReservations.AddTo(ComposeFile, [new GpuReservation("vllm", 2, [])]));

    [Fact]
    public void AddTo_None_LeavesTheFileAlone() => Assert.Same(ComposeFile, GpuReservations.AddTo(ComposeFile, []));

    [Fact]
    public void AddTo_MissingService_SaysWhich()
    {
        var error = Assert.Throws<InvalidOperationException>(() => GpuReservations.AddTo(ComposeFile, [new GpuReservation("other", 1, [])]));

        Assert.Contains("'other'", error.Message);
    }
}
