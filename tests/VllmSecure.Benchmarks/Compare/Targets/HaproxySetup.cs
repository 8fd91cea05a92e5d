namespace VllmSecure.Benchmarks.Compare.Targets;

internal sealed class HaproxySetup : ITargetSetup
{
    public string Id => "haproxy";

    public string? Title { get; } = InstalledVersion.Title("HAProxy", "haproxy", "-v");

    public IReadOnlyList<string> Prepare(TargetPlace place)
    {
        // Its log goes to standard output, which is a file.
        var configuration = place.Write("haproxy.cfg", $"""
            global
                nbthread 1
                maxconn 8000
                log stdout format raw local0 info
                ssl-default-bind-options ssl-min-ver TLSv1.3

            defaults
                mode http
                log global
                option httplog
                timeout connect 10s
                timeout client 600s
                timeout server 600s
                timeout http-keep-alive 130s
                http-reuse always

            frontend https
                bind 127.0.0.1:{place.Port} ssl crt {place.Certificate.CombinedFile} alpn http/1.1
                default_backend vllm

            backend vllm
                server vllm 127.0.0.1:{place.UpstreamPort} pool-purge-delay {UpstreamPool.IdleTime.TotalSeconds}s pool-max-conn {UpstreamPool.Size}

            """);
        return [Executables.Find("haproxy")!, "-db", "-f", configuration];
    }
}
