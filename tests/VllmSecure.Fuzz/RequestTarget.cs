using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Inspection;
using VllmSecure.Proxy.RequestPolicy;

namespace VllmSecure.Fuzz;

/// <summary>
/// A request body: no exception, the same verdict however it is cut, accepted only if System.Text.Json accepts it, and an
/// edit leaves one well-formed object. The first byte is the length of the pieces.
/// </summary>
internal static class RequestTarget
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly InspectionOptions Options = new();
    private static readonly RequestPolicyOptions Policy = new();
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static void Run(byte[] input)
    {
        if (input.Length < 2)
        {
            return;
        }

        var body = input[1..];
        var cut = Pieces.Sequence(body, input[0]);
        var whole = RequestScanner.Scan(new ReadOnlySequence<byte>(body), Options);
        var scan = RequestScanner.Scan(cut, Options);
        FuzzFindingException.ThrowIf(whole.Error?.Code != scan.Error?.Code, $"cut: {scan.Error?.Code}, whole: {whole.Error?.Code}");
        if (scan.Error is not null)
        {
            return;
        }

        FuzzFindingException.ThrowIf(
            whole.Facts.Model != scan.Facts.Model || whole.Facts.Stream != scan.Facts.Stream
                || whole.Facts.EstimatedInputTokens != scan.Facts.EstimatedInputTokens || !whole.Members.SequenceEqual(scan.Members),
            "the facts differ");
        StrictUtf8.GetCharCount(body);
        using var oracle = JsonDocument.Parse(body, Strict);
        FuzzFindingException.ThrowIf(
            !oracle.RootElement.EnumerateObject().Select(member => member.Name).SequenceEqual(scan.Members.Select(member => member.Name), StringComparer.Ordinal),
            "the members differ");
        FuzzFindingException.ThrowIf(
            PolicyReader.Check(cut, Policy)?.Message != PolicyReader.Check(new ReadOnlySequence<byte>(body), Policy)?.Message, "the policy differs");
        Edit(cut, scan);
    }

    private static void Edit(ReadOnlySequence<byte> bytes, RequestScan scan)
    {
        var body = new RequestBody(new DefaultHttpContext().Request, bytes, scan.Root, scan.Members);
        body.SetMember("store", "false"u8);
        body.SetMember("model", "\"m\""u8);
        using var edited = JsonDocument.Parse(body.Content, Strict);
        FuzzFindingException.ThrowIf(edited.RootElement.GetProperty("model").GetString() != "m", "the edit is not in the body");
    }
}
