using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.Tests.Commands;

public sealed class DoctorCommandTests
{
    [Fact]
    public async Task Command_OneFailure_IsALineWithItsFixAndExitCodeOne()
    {
        var output = new StringWriter();
        var code = await new DoctorCommand([new Fixed(DoctorFinding.Ok("fine.")), new Fixed(DoctorFinding.Failed("broken.", "mend it."))]).RunAsync(output, default);

        Assert.Equal(1, code);
        Assert.Equal(["ok    fixed: fine.", "FAIL  fixed: broken. Fix: mend it.", "1 failed."], output.ToString().TrimEnd().Split(Environment.NewLine));
    }

    [Fact]
    public async Task Command_CheckThatThrows_IsAFailureLikeAnyOther()
    {
        var output = new StringWriter();
        var code = await new DoctorCommand([new Fixed(null), new Fixed(DoctorFinding.Ok("fine."))]).RunAsync(output, default);

        Assert.Equal(1, code);
        Assert.Contains("ok    fixed: fine.", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_WrongSettingOfManyChecks_IsReportedOnce()
    {
        var output = new StringWriter();
        var code = await new DoctorCommand([new Unconfigured(), new Unconfigured()]).RunAsync(output, default);

        Assert.Equal(1, code);
        Assert.Equal(
            ["FAIL  unconfigured: Tls:Source: missing. Fix: correct these settings.", "skip  unconfigured: its settings are not complete: see above.", "1 failed."],
            output.ToString().TrimEnd().Split(Environment.NewLine));
    }

    private sealed class Fixed(DoctorFinding? finding) : IDoctorCheck
    {
        public string Name => "fixed";

        public async IAsyncEnumerable<DoctorFinding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield return finding ?? throw new InvalidOperationException("a defect");
        }
    }

    private sealed class Unconfigured : IDoctorCheck
    {
        public string Name => "unconfigured";

        public async IAsyncEnumerable<DoctorFinding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield return Name.Length > 0 ? throw new OptionsValidationException("", typeof(object), ["Tls:Source: missing."]) : DoctorFinding.Ok("");
        }
    }
}
