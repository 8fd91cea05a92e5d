using System.Text;
using CsCheck;
using VllmSecure.Proxy.Inspection;

namespace VllmSecure.Proxy.Tests.Inspection;

public class FormScannerTests
{
    private const string Boundary = "b0undary";

    [Fact]
    public async Task Scan_FileBeforeTheModel_FindsBothFacts()
    {
        var scan = await ScanAsync(File("RIFF\r\n--b0undar\r\n\0"), Field("model", "openai/whisper-large-v3"), Field("stream", "True"));

        Assert.Null(scan.Error);
        Assert.Equal("openai/whisper-large-v3", scan.Facts.Model);
        Assert.True(scan.Facts.Stream);
        Assert.Equal(["file", "model", "stream"], scan.Facts.FormFields.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Scan_FileAsDotNetSendsIt_IsMeasured()
    {
        using var form = new MultipartFormDataContent(Boundary)
        {
            { new ByteArrayContent(new byte[100_000]), "file", "спич.wav" },
            { new StringContent("m"), "model" },
        };

        var scan = await FormScanner.ScanAsync(
            Segments.Of(await form.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)), Boundary, TestContext.Current.CancellationToken);

        Assert.Null(scan.Error);
        Assert.Equal("m", scan.Facts.Model);
        Assert.Equal(100_000, scan.Facts.LargestFormField);
    }

    [Fact]
    public async Task Scan_ListField_MayStandMoreThanOnce()
    {
        var scan = await ScanAsync(Field("timestamp_granularities[]", "word"), Field("timestamp_granularities[]", "segment"));

        Assert.Null(scan.Error);
    }

    [Fact]
    public async Task Scan_Values_StandWhereTheyAre()
    {
        string[] parts = [Field("language", "en"), File("RIFF\r\n\r\n\r\n--b0undar"), Field("prompt", ""), Field("model", "m")];
        var form = Form(parts);

        var scan = await ScanAsync(parts);

        Assert.Equal(
            [("language", "en"), ("file", "RIFF\r\n\r\n\r\n--b0undar"), ("prompt", ""), ("model", "m")],
            scan.Members.Select(member => (member.Name, form.Substring((int)member.Value.Offset, (int)member.Value.Length))));
    }

    [Fact]
    public async Task Scan_Numbers_AreThoseThatEveryReaderTakesForTheSame()
    {
        var scan = await ScanAsync(
            Field("n", "20"), Field("seed", "-1"), Field("top_k", "1_0"), Field("top_p", "5.0"), Field("min_p", " 5"), Field("max_completion_tokens", "300"));

        Assert.Equal(20, scan.Facts.FormFields["n"]);
        Assert.All(["seed", "top_k", "top_p", "min_p"], name => Assert.Null(scan.Facts.FormFields[name]));
        Assert.Equal(300, scan.Facts.MaxOutputTokens);
    }

    [Fact]
    public async Task Scan_SameFieldTwice_IsRefused() =>
        Assert.Equal("duplicate_key", (await ScanAsync(Field("model", "allowed"), Field("model", "other"))).Error?.Code);

    [Fact]
    public async Task Scan_LongModel_IsRefused() =>
        Assert.Equal("invalid_type", (await ScanAsync(Field("model", new string('m', 257)))).Error?.Code);

    [Theory]
    [InlineData("")]
    [InlineData("no form at all")]
    [InlineData("preamble\r\n--b0undary\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--b0undary--\r\n--b0undary\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\n--b0undary\nContent-Disposition: form-data; name=\"model\"\n\nother\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"a\"; name=\"model\"\r\n\r\nm\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name*=utf-8''model\r\n\r\nm\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"mo\\\"del\"\r\n\r\nm\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"a\"; z=\"b\\\\\"; x=\"; name=model; y=\"\r\n\r\nsecret\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"a\"; z=b\r\n\r\nm\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\\\\\"\r\n\r\nm\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"a\"; filename=b; filename=c\r\n\r\nm\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\n\"\r\n\r\nm\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b0undary \r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nallowed\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b0undaryjunk\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nallowed\r\n--b0undary--\r\n")]
    [InlineData("--b0undary \r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nallowed\r\n--b0undary--\r\n")]
    [InlineData("--b0undary--\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nallowed\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Type: text/plain\r\n\r\nm\r\n--b0undary--\r\n")]
    [InlineData("--b0undary\r\nContent-Disposition: form-data; name=\"a\"\r\nX: --b0undary\r\n\r\nm\r\n--b0undary--\r\n")]
    public async Task Scan_WhatAnotherReaderCouldTakeDifferently_IsRefused(string form)
    {
        var scan = await FormScanner.ScanAsync(Segments.Of(Encoding.UTF8.GetBytes(form)), Boundary, TestContext.Current.CancellationToken);

        Assert.Equal("invalid_form", scan.Error?.Code);
    }

    [Fact]
    public Task Scan_AnySplit_SaysTheSame() =>
        Gen.Int.Array[0, 8].SampleAsync(async cuts =>
        {
            var form = Encoding.UTF8.GetBytes(Form(Field("model", "m"), File(new string('\0', 300)), Field("stream", "false")));
            var scan = await FormScanner.ScanAsync(Segments.Of(form, cuts), Boundary, CancellationToken.None);

            Assert.Null(scan.Error);
            Assert.Equal("m", scan.Facts.Model);
        });

    [Theory]
    [InlineData("multipart/form-data; boundary=b0undary", "b0undary")]
    [InlineData("multipart/form-data; boundary=\"b0undary\"", "b0undary")]
    [InlineData("multipart/form-data; charset=UTF-8; boundary=b0undary", "b0undary")]
    [InlineData("multipart/form-data; boundary=b0undary; charset=\"utf-8\"", "b0undary")]
    [InlineData("multipart/form-data; boundary=b0undary; charset=punycode", null)]
    [InlineData("multipart/form-data; charset=utf-7; boundary=b0undary", null)]
    [InlineData("multipart/form-data; boundary=b0undary; charset*=utf-8''utf-7", null)]
    [InlineData("multipart/form-data; charset=utf-8", null)]
    [InlineData("multipart/form-data; boundary=a; boundary=b", null)]
    [InlineData("multipart/form-data; boundary=a; boundary*=b", null)]
    [InlineData("multipart/form-data; boundary=\"a\\\"b\"", null)]
    [InlineData("multipart/form-data", null)]
    [InlineData("multipart/mixed; boundary=a", null)]
    [InlineData("application/json", null)]
    public void Find_ContentType_IsTheOneBoundaryOrNone(string contentType, string? boundary) =>
        Assert.Equal(boundary, FormBoundary.Find(contentType));

    private static Task<RequestScan> ScanAsync(params string[] parts) =>
        FormScanner.ScanAsync(Segments.Of(Encoding.UTF8.GetBytes(Form(parts))), Boundary, TestContext.Current.CancellationToken);

    private static string Form(params string[] parts) => string.Concat(parts) + $"--{Boundary}--\r\n";

    private static string Field(string name, string value) =>
        $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n";

    private static string File(string content) =>
        $"--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\n{content}\r\n";
}
