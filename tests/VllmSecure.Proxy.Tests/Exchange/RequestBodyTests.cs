using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.AspNetCore.Http;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Inspection;
using VllmSecure.Proxy.Tests.Inspection;

namespace VllmSecure.Proxy.Tests.Exchange;

public class RequestBodyTests
{
    [Fact]
    public void SetMember_AnyObjectAnySplit_ChangesThatMemberAndNoOther() =>
        Gen.Select(JsonGen.Object, Gen.Int.Array[0, 8]).Sample((text, cuts) =>
        {
            var bytes = Segments.Of(Encoding.UTF8.GetBytes(text), cuts);
            var scan = RequestScanner.Scan(bytes, new InspectionOptions());
            if (scan.Error is not null)
            {
                return;
            }

            var request = new DefaultHttpContext().Request;
            var body = new RequestBody(request, bytes, scan.Root, scan.Members);
            body.SetMember("store", "true"u8);
            body.SetMember("model", "\"first\""u8);
            body.SetMember("model", "\"second\""u8);
            body.SetMember("store", "false"u8);

            using var before = JsonDocument.Parse(bytes);
            using var after = JsonDocument.Parse(body.Content, new JsonDocumentOptions { AllowDuplicateProperties = false });
            Assert.Equal(body.Content.Length, request.ContentLength);
            Assert.Equal("second", after.RootElement.GetProperty("model").GetString());
            Assert.False(after.RootElement.GetProperty("store").GetBoolean());
            Assert.Equal(Others(before), Others(after));
        });

    private static string[] Others(JsonDocument document) =>
        [.. document.RootElement.EnumerateObject().Where(m => m.Name is not "model" and not "store").Select(m => m.ToString())];
}
