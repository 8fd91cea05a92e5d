namespace VllmSecure.Benchmarks.Compare.Targets;

internal sealed class CaddySetup : ITargetSetup
{
    public string Id => "caddy";

    public string? Title { get; } = InstalledVersion.Title("Caddy", "caddy", "version");

    public IReadOnlyList<string> Prepare(TargetPlace place)
    {
        var configuration = place.Write("Caddyfile", $$"""
            {
                admin off
                auto_https off
                servers {
                    protocols h1
                }
            }

            :{{place.Port}} {
                bind 127.0.0.1
                tls {{place.Certificate.CertificateFile}} {{place.Certificate.KeyFile}} {
                    protocols tls1.3 tls1.3
                }
                log {
                    output file {{place.AccessLog}} {
                        roll_disabled
                    }
                }
                reverse_proxy 127.0.0.1:{{place.UpstreamPort}} {
                    transport http {
                        versions 1.1
                        keepalive {{UpstreamPool.IdleTime.TotalSeconds}}s
                        keepalive_idle_conns {{UpstreamPool.Size}}
                        keepalive_idle_conns_per_host {{UpstreamPool.Size}}
                    }
                }
            }

            """);
        return [Executables.Find("caddy")!, "run", "--config", configuration, "--adapter", "caddyfile"];
    }

    public Dictionary<string, string> Environment(TargetPlace place) => new() { ["XDG_DATA_HOME"] = place.Folder, ["XDG_CONFIG_HOME"] = place.Folder };
}
