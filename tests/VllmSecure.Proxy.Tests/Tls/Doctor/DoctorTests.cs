using System.Net;
using CsCheck;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Tls;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Doctor;
using VllmSecure.Proxy.Tls.Handshake;

namespace VllmSecure.Proxy.Tests.Tls.Doctor;

public sealed class DoctorTests
{
    private static readonly AcmeIdentifier Name = new(AcmeIdentifier.Dns, "llm.example");
    private static readonly AcmeIdentifier Wildcard = new(AcmeIdentifier.Dns, "*.example");

    [Theory]
    [InlineData("", true, DoctorVerdict.Failed)]
    [InlineData("", false, DoctorVerdict.Warning)]
    [InlineData("203.0.113.7", true, DoctorVerdict.Ok)]
    [InlineData("203.0.113.7 10.1.2.3", true, DoctorVerdict.Failed)]
    [InlineData("::ffff:192.168.0.1", true, DoctorVerdict.Failed)]
    [InlineData("fd00::1", true, DoctorVerdict.Failed)]
    [InlineData("100.64.0.1", true, DoctorVerdict.Failed)]
    [InlineData("10.1.2.3", false, DoctorVerdict.Ok)]
    public void Dns_Addresses_FailWhereTheCaCannotReachThem(string addresses, bool mustBeReachable, object verdict) =>
        Assert.Equal(verdict, DnsCheck.Judge(Name, [.. addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)], mustBeReachable).Verdict);

    [Theory]
    [InlineData("llm.example", "", DoctorVerdict.Ok)]
    [InlineData("llm.example", "issue=ca.example", DoctorVerdict.Ok)]
    [InlineData("llm.example", "issue=CA.example; validationmethods=http-01", DoctorVerdict.Ok)]
    [InlineData("llm.example", "issue=other.example", DoctorVerdict.Failed)]
    [InlineData("llm.example", "issue=;", DoctorVerdict.Failed)]
    [InlineData("llm.example", "iodef=mailto:a@b", DoctorVerdict.Ok)]
    [InlineData("*.example", "issue=ca.example issuewild=other.example", DoctorVerdict.Failed)]
    [InlineData("*.example", "issue=ca.example", DoctorVerdict.Ok)]
    public void Caa_Records_FailWhereTheyNameOthers(string name, string records, object verdict)
    {
        var parsed = records.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(record => record.Contains('=', StringComparison.Ordinal))
            .Select(record => new CaaRecord(record.Split('=')[0], record[(record.IndexOf('=', StringComparison.Ordinal) + 1)..])).ToArray();

        Assert.Equal(verdict, CaaCheck.Judge(name == "*.example" ? Wildcard : Name, parsed, ["ca.example"]).Verdict);
    }

    [Theory]
    [InlineData(0, DoctorVerdict.Ok)]
    [InlineData(-59, DoctorVerdict.Ok)]
    [InlineData(61, DoctorVerdict.Failed)]
    [InlineData(-3600, DoctorVerdict.Failed)]
    public void Clock_Difference_FailsAboveAMinute(int seconds, object verdict) =>
        Assert.Equal(verdict, ClockCheck.Judge(TimeSpan.FromSeconds(seconds), new Uri("https://ca.example")).Verdict);

    [Theory]
    [InlineData(30, false, null, DoctorVerdict.Ok)]
    [InlineData(30, false, "refused", DoctorVerdict.Warning)]
    [InlineData(1, false, null, DoctorVerdict.Warning)]
    [InlineData(-1, false, null, DoctorVerdict.Failed)]
    [InlineData(30, true, null, DoctorVerdict.Failed)]
    public void Certificate_State_IsJudged(int days, bool placeholder, string? error, object verdict)
    {
        var status = new CertificateStatus(["llm.example"], "ca", TestCertificates.Start.AddDays(days)) { IsPlaceholder = placeholder, LastError = error };

        Assert.Equal(verdict, CertificatesCheck.Judge(status, TestCertificates.Start).Verdict);
    }

    [Theory]
    [InlineData(0x300000C0L, false, "OpenSSL 3.0.12")]
    [InlineData(0x30400010L, false, "OpenSSL 3.4.1")]
    [InlineData(0x30500000L, true, "OpenSSL 3.5.0")]
    public void PostQuantum_Version_Decides(long version, bool offered, string name) =>
        Assert.Equal((offered, name), PostQuantum.Describe(version));

    [Fact]
    public async Task FilePermissions_OpenFile_IsNamedWithTheFix()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Unix file modes are missing: Windows has access lists.");
            return;
        }

        using var data = new TemporaryData();
        var path = data.Directory.PathOf("acme", "key.pem");
        data.Directory.Write(path, "secret"u8);
        var check = new FilePermissionsCheck(data.Directory);
        Assert.All(await check.RunAsync(default).ToArrayAsync(), finding => Assert.Equal(DoctorVerdict.Ok, finding.Verdict));

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var open = Assert.Single(await check.RunAsync(default).ToArrayAsync(), finding => finding.Verdict == DoctorVerdict.Failed);
        Assert.Contains(path, open.Message, StringComparison.Ordinal);
        Assert.Contains("chmod", open.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilePermissions_FileGoneSinceItWasListed_IsNobodysFault()
    {
        using var data = new TemporaryData();
        data.Directory.CreateDirectory();
        File.CreateSymbolicLink(data.Directory.PathOf("gone"), data.Outside("nowhere"));

        Assert.All(await new FilePermissionsCheck(data.Directory).RunAsync(default).ToArrayAsync(), finding => Assert.Equal(DoctorVerdict.Ok, finding.Verdict));
    }

    [Fact]
    public void CaaMessage_Answer_IsRead()
    {
        // An answer for llm.example with a compressed name and one record: 0 issue "ca.example".
        byte[] record = [0xC0, 12, 1, 1, 0, 1, 0, 0, 0, 60, 0, 17, 0, 5, .. "issueca.example"u8];
        byte[] question = [3, .. "llm"u8, 7, .. "example"u8, 0, 1, 1, 0, 1];
        byte[] message = [0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. question, .. record];

        Assert.True(CaaMessage.TryReadAnswer(message, out var records));
        Assert.Equal(new CaaRecord("issue", "ca.example"), Assert.Single(records));
        for (var length = 0; length < message.Length; length++)
        {
            Assert.False(CaaMessage.TryReadAnswer(message.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void CaaMessage_AnyBytes_NeverThrow() => Gen.Byte.Array[0, 100].Sample(bytes =>
        {
            _ = CaaMessage.TryReadAnswer(bytes, out _);
        });

    [Fact]
    public void CaaMessage_Query_AsksForCaaOfTheName()
    {
        var query = CaaMessage.CreateQuery("llm.example");

        Assert.Equal([3, .. "llm"u8, 7, .. "example"u8, 0, 1, 1, 0, 1], query[12..]);
    }
}
