using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using VllmSecure.Proxy.Tls.Development;

namespace VllmSecure.Proxy.Tests.Tls.Acme;

/// <summary>
/// A CA without sockets, for what a real one will not do on demand: outages, 429, stalls, wrong chains. It believes every
/// proof and checks no signature; Pebble does that.
/// </summary>
internal sealed class FakeAuthority : HttpMessageHandler
{
    private readonly TimeProvider _clock;
    private readonly string _host;
    private readonly X509Certificate2 _root;
    private readonly Dictionary<string, (string Identifier, string? Chain)> _orders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _proven = new(StringComparer.Ordinal);
    private int _next;

    public FakeAuthority(TimeProvider clock, string host = "ca.example")
    {
        (_clock, _host) = (clock, host);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _root = DevelopmentCertificates.CreateAuthority(key, host, clock.GetUtcNow().AddDays(-30), clock.GetUtcNow().AddYears(30));
    }

    public Uri Directory => new($"https://{_host}/directory");

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Called before each answer, with the path's first segment; what it returns is sent in place of the answer.</summary>
    public Func<string, HttpResponseMessage?> Fault { get; set; } = _ => null;

    /// <summary>The same for newOrder, by its payload.</summary>
    public Func<string, HttpResponseMessage?> FaultOfOrder { get; set; } = _ => null;

    public bool SendsNonces { get; set; } = true;

    /// <summary>How far the CA's clock is behind ours.</summary>
    public TimeSpan Behind { get; set; }

    /// <summary>Whether proofs convince, by type of challenge.</summary>
    public Func<string, bool> Believes { get; set; } = _ => true;

    /// <summary>Changes the chain that is sent.</summary>
    public Func<string, string> Chain { get; set; } = chain => chain;

    /// <summary>The window that ARI suggests; null: no ARI.</summary>
    public Func<(DateTimeOffset Start, DateTimeOffset End)>? Window { get; set; }

    public bool RequiresExternalAccount { get; set; }

    /// <summary>How often a finalized order is still <c>processing</c>.</summary>
    public int Processing { get; set; }

    public string[] Challenges { get; set; } = ["http-01", "tls-alpn-01", "dns-01"];

    /// <summary>Payloads of newAccount.</summary>
    public List<string> Accounts { get; } = [];

    /// <summary>Payloads of newOrder with the instant of each.</summary>
    public List<(DateTimeOffset At, string Payload)> Orders { get; } = [];

    /// <summary>The types of the challenges that were responded to.</summary>
    public List<string> Responses { get; } = [];

    /// <summary>Every request: the path's first segment.</summary>
    public List<string> Requests { get; } = [];

    public List<DateTimeOffset> Issued { get; } = [];

    /// <summary>A problem document.</summary>
    public static HttpResponseMessage Problem(HttpStatusCode status, string code, TimeSpan? retryAfter = null)
    {
        var response = new HttpResponseMessage(status)
        {
            Content = new StringContent($$"""{"type":"urn:ietf:params:acme:error:{{code}}","detail":"because"}""", Encoding.UTF8, "application/problem+json"),
        };
        response.Headers.Add("Replay-Nonce", "n");
        if (retryAfter is { } wait)
        {
            response.Headers.RetryAfter = new(wait);
        }

        return response;
    }

    /// <summary>A chain for any key and names.</summary>
    public string Sign(PublicKey key, string[] names, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var unused = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=leaf"), key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(
            _root.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single()));
        using var leaf = request.Create(_root, notBefore, notAfter, RandomNumberGenerator.GetBytes(8));
        return leaf.ExportCertificatePem() + "\n";
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var segments = request.RequestUri!.AbsolutePath.Trim('/').Split('/');
        lock (_orders)
        {
            Requests.Add(segments[0]);
            var payload = Payload(request);
            var response = Fault(segments[0]) ?? (segments[0] == "new" ? FaultOfOrder(payload) : null) ?? Answer(segments, payload);
            response.RequestMessage = request;
            if (SendsNonces)
            {
                response.Headers.TryAddWithoutValidation("Replay-Nonce", "n");
            }

            return Task.FromResult(response);
        }
    }

    private HttpResponseMessage Answer(string[] segments, string payload)
    {
        switch (segments)
        {
            case ["directory"]:
                var ari = Window is null ? "" : $$""","renewalInfo":"https://{{_host}}/ari" """;
                return Json($$"""
                    {"newNonce":"https://{{_host}}/nonce","newAccount":"https://{{_host}}/account","newOrder":"https://{{_host}}/new","revokeCert":"https://{{_host}}/revoke"{{ari}},
                     "meta":{"externalAccountRequired":{{(RequiresExternalAccount ? "true" : "false")}},"profiles":{"tlsserver":"","shortlived":""} } }
                    """);
            case ["nonce"]:
                return Json("{}");
            case ["account"]:
                Accounts.Add(payload);
                return Json("{}", $"https://{_host}/account/1");
            case ["new"]:
                Orders.Add((_clock.GetUtcNow(), payload));
                var id = (++_next).ToString(System.Globalization.CultureInfo.InvariantCulture);
                using (var json = JsonDocument.Parse(payload))
                {
                    _orders[id] = (json.RootElement.GetProperty("identifiers")[0].GetProperty("value").GetString()!, null);
                }

                return Order(id, $"https://{_host}/order/{id}");
            case ["order", var order]:
                return Order(order);
            case ["authorization", var order]:
                return Authorization(order);
            case ["challenge", var order, var type]:
                Responses.Add(type);
                if (Believes(type))
                {
                    _proven.Add(order);
                }
                else
                {
                    _proven.Add($"{order} {type} failed");
                }

                return Json("{}");
            case ["finalize", var order]:
                Finalize(order, payload);
                return Order(order);
            case ["certificate", var order]:
                return Json(Chain(_orders[order].Chain!));
            case ["ari", _]:
                var (start, end) = Window!();
                return Json($$$"""{"suggestedWindow":{"start":"{{{start:O}}}","end":"{{{end:O}}}"} }""");
            default:
                return Json("{}");
        }
    }

    private HttpResponseMessage Order(string id, string? location = null)
    {
        var chain = _orders[id].Chain;
        var status = chain is not null ? (Processing-- > 0 ? "processing" : "valid") : _proven.Contains(id) ? "ready" : "pending";
        return Json(
            $$"""
            {"status":"{{status}}","authorizations":["https://{{_host}}/authorization/{{id}}"],"finalize":"https://{{_host}}/finalize/{{id}}",
             "certificate":"https://{{_host}}/certificate/{{id}}"}
            """,
            location);
    }

    private HttpResponseMessage Authorization(string id)
    {
        var failed = Challenges.FirstOrDefault(type => _proven.Contains($"{id} {type} failed"));
        var status = failed is not null ? "invalid" : _proven.Contains(id) ? "valid" : "pending";
        var challenges = string.Join(',', Challenges.Select(type =>
            $$"""{"type":"{{type}}","url":"https://{{_host}}/challenge/{{id}}/{{type}}","status":"pending","token":"token-of-more-than-22-characters-{{id}}"{{(type == failed ? ""","error":{"type":"urn:ietf:params:acme:error:connection","detail":"refused"}""" : "")}}}"""));
        return Json($$"""{"status":"{{status}}","identifier":{"type":"dns","value":"{{_orders[id].Identifier}}"},"challenges":[{{challenges}}]}""");
    }

    private void Finalize(string id, string payload)
    {
        using var json = JsonDocument.Parse(payload);
        var request = CertificateRequest.LoadSigningRequest(
            Base64Url.DecodeFromChars(json.RootElement.GetProperty("csr").GetString()!), HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        var now = _clock.GetUtcNow();
        Issued.Add(now);
        _orders[id] = (_orders[id].Identifier, Sign(request.PublicKey, [_orders[id].Identifier], now - Behind, now - Behind + Lifetime));
    }

    private static string Payload(HttpRequestMessage request)
    {
        if (request.Content is null)
        {
            return "";
        }

        using var json = JsonDocument.Parse(request.Content.ReadAsStream());
        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(json.RootElement.GetProperty("payload").GetString()!));
    }

    private static HttpResponseMessage Json(string body, string? location = null)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        response.Headers.Location = location is null ? null : new Uri(location);
        return response;
    }
}
