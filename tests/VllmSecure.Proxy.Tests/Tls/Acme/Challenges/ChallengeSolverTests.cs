using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Challenges;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Storage;

namespace VllmSecure.Proxy.Tests.Tls.Acme.Challenges;

public sealed class ChallengeSolverTests : IDisposable
{
    private const string Token = "a-token-of-more-than-22-characters";
    private static readonly AcmeIdentifier Name = new(AcmeIdentifier.Dns, "llm.example");
    private static readonly AcmeIdentifier Wildcard = new(AcmeIdentifier.Dns, "*.example");
    private static readonly AcmeIdentifier Address = new(AcmeIdentifier.Ip, "192.0.2.1");

    private readonly TemporaryData _data = new();

    [Fact]
    public async Task Http01_WhilePresented_AnswersAlsoFromAnotherInstance()
    {
        var solver = new Http01Solver(new FileAcmeStorage(_data.Directory));
        await solver.PresentAsync(Name, Token, "answer", default);
        var other = new Http01Solver(new FileAcmeStorage(_data.Directory));
        Assert.Equal("answer", await other.AnswerAsync(Token, default));

        await solver.RemoveAsync(Name, Token, "answer");
        Assert.Null(await other.AnswerAsync(Token, default));
        await solver.RemoveAsync(Name, Token, "answer");
    }

    [Theory]
    [InlineData("GET", "/.well-known/acme-challenge/" + Token, true)]
    [InlineData("POST", "/.well-known/acme-challenge/" + Token, false)]
    [InlineData("GET", "/.well-known/acme-challenge/another-token-of-22-characters", false)]
    [InlineData("GET", "/.well-known/acme-challenge/../../../accounts/ca.pem-and-much-more", false)]
    [InlineData("GET", "/.well-known/acme-challenge/", false)]
    [InlineData("GET", "/other/" + Token, false)]
    public async Task Http01Responder_OnlyTheTokenAskedFor_IsAnswered(string method, string path, bool answered)
    {
        var solver = new Http01Solver(new FileAcmeStorage(_data.Directory));
        await solver.PresentAsync(Name, Token, "answer", default);
        var passedOn = false;
        var responder = new Http01Responder(
            _ =>
            {
                passedOn = true;
                return Task.CompletedTask;
            },
            solver);
        var context = new DefaultHttpContext { Request = { Method = method, Path = path }, Response = { Body = new MemoryStream() } };
        await responder.InvokeAsync(context);

        Assert.Equal(answered, !passedOn);
        Assert.Equal(answered ? "answer" : "", Encoding.ASCII.GetString(((MemoryStream)context.Response.Body).ToArray()));
    }

    [Theory]
    [InlineData("dns", "llm.example", "llm.example")]
    [InlineData("ip", "192.0.2.1", "1.2.0.192.in-addr.arpa")]
    [InlineData("ip", "2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    public async Task TlsAlpn01_WhilePresented_AnswersTheServerNameOfTheRfcs(string type, string value, string serverName)
    {
        var identifier = new AcmeIdentifier(type, value);
        var solver = new TlsAlpn01Solver(TimeProvider.System);
        await solver.PresentAsync(identifier, Token, "key authorization", default);
        var options = solver.AnswerFor(serverName);

        var certificate = options!.ServerCertificateContext!.TargetCertificate;
        var extension = certificate.Extensions.Single(candidate => candidate.Oid!.Value == "1.3.6.1.5.5.7.1.31");
        Assert.True(extension.Critical);
        Assert.Equal(SHA256.HashData("key authorization"u8), AsnDecoder.ReadOctetString(extension.RawData, AsnEncodingRules.DER, out _));
        Assert.Equal("acme-tls/1", Assert.Single(options.ApplicationProtocols!).ToString());
        Assert.Single(certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>());

        await solver.RemoveAsync(identifier, Token, "key authorization");
        Assert.Null(solver.AnswerFor(serverName));
    }

    [Fact]
    public async Task Dns01_Hook_IsCalledWithTheRecordsNameAndValue()
    {
        var (solver, output) = CreateHook("echo \"$@\" >> \"$(dirname \"$0\")/calls\"");
        await solver.PresentAsync(Wildcard, Token, "key authorization", default);
        await solver.RemoveAsync(Wildcard, Token, "key authorization");

        var value = Dns01Solver.ValueOf("key authorization");
        Assert.Equal([$"set _acme-challenge.example {value}", $"remove _acme-challenge.example {value}"], await File.ReadAllLinesAsync(output));
    }

    [Fact]
    public async Task Dns01_HookThatFails_SaysWhatItPrinted()
    {
        var (solver, _) = CreateHook("echo no such zone >&2; exit 3");

        var exception = await Assert.ThrowsAsync<AcmeException>(() => solver.PresentAsync(Name, Token, "key authorization", default));
        Assert.Contains("ended with 3: no such zone", exception.Message, StringComparison.Ordinal);
        await solver.RemoveAsync(Name, Token, "key authorization");
    }

    [Fact]
    public async Task Dns01_HookThatIsNoProgram_NamesTheSetting()
    {
        var solver = new Dns01Solver(Options.Create(new AcmeOptions { Dns = { Hook = "/does/not/exist" } }), TimeProvider.System, new FakeLogger<Dns01Solver>());

        var exception = await Assert.ThrowsAsync<AcmeException>(() => solver.PresentAsync(Name, Token, "key authorization", default));
        Assert.StartsWith("Tls:Acme:Dns:Hook", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Order_WhatWorkedLast_ComesFirst()
    {
        var solvers = Solvers("/hook");

        Assert.Equal(["http-01", "tls-alpn-01", "dns-01"], Types(solvers, new AcmeOptions(), Name, null));
        Assert.Equal(["tls-alpn-01", "http-01", "dns-01"], Types(solvers, new AcmeOptions(), Name, "tls-alpn-01"));
        Assert.Equal(["dns-01", "http-01"], Types(solvers, new AcmeOptions { Challenges = { "dns-01", "http-01" } }, Name, null));
        Assert.Equal(["http-01", "tls-alpn-01"], Types(solvers, new AcmeOptions(), Address, null));
        Assert.Equal(["dns-01"], Types(solvers, new AcmeOptions(), Wildcard, null));
        Assert.Equal(["http-01", "tls-alpn-01"], Types(Solvers(hook: null), new AcmeOptions(), Name, null));
    }

    public void Dispose() => _data.Dispose();

    private static IEnumerable<string> Types(IChallengeSolver[] solvers, AcmeOptions options, AcmeIdentifier identifier, string? worked) =>
        ChallengeOrder.Of(solvers, options, identifier, worked).Select(solver => solver.Type);

    private IChallengeSolver[] Solvers(string? hook) =>
    [
        new Dns01Solver(Options.Create(new AcmeOptions { Dns = { Hook = hook } }), TimeProvider.System, new FakeLogger<Dns01Solver>()),
        new TlsAlpn01Solver(TimeProvider.System),
        new Http01Solver(new FileAcmeStorage(_data.Directory)),
    ];

    private (Dns01Solver Solver, string Output) CreateHook(string script)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("A shell is missing: the hook of this test is a shell script.");
        }
        else
        {
            File.WriteAllText(_data.Outside("hook"), $"#!/bin/sh\n{script}\n");
            File.SetUnixFileMode(_data.Outside("hook"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var options = Options.Create(new AcmeOptions { Dns = { Hook = _data.Outside("hook") } });
        return (new Dns01Solver(options, TimeProvider.System, new FakeLogger<Dns01Solver>()), _data.Outside("calls"));
    }
}
