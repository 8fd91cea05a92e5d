namespace VllmSecure.Benchmarks.Compare.Targets;

internal sealed class NginxSetup : ITargetSetup
{
    public string Id => "nginx";

    public string? Title { get; } = InstalledVersion.Title("nginx", "nginx", "-v");

    public IReadOnlyList<string> Prepare(TargetPlace place)
    {
        // Buffering off, as streams need it; connections are never ended by their number of requests.
        var configuration = place.Write("nginx.conf", $$"""
            daemon off;
            {{(System.Environment.IsPrivilegedProcess ? "user root;" : string.Empty)}}
            worker_processes 1;
            worker_rlimit_nofile 16384;
            pid {{place.Folder}}/nginx.pid;
            error_log {{place.Folder}}/error.log;
            events { worker_connections 16000; }
            http {
                access_log {{place.AccessLog}} combined;
                client_body_temp_path {{place.Folder}}/body;
                proxy_temp_path {{place.Folder}}/proxy;
                fastcgi_temp_path {{place.Folder}}/fastcgi;
                uwsgi_temp_path {{place.Folder}}/uwsgi;
                scgi_temp_path {{place.Folder}}/scgi;
                keepalive_requests 1000000000;
                keepalive_timeout 130s;
                client_max_body_size 64m;
                upstream vllm {
                    server 127.0.0.1:{{place.UpstreamPort}};
                    keepalive {{UpstreamPool.Size}};
                    keepalive_timeout {{UpstreamPool.IdleTime.TotalSeconds}}s;
                    keepalive_requests 1000000000;
                }
                server {
                    listen 127.0.0.1:{{place.Port}} ssl;
                    ssl_certificate {{place.Certificate.CertificateFile}};
                    ssl_certificate_key {{place.Certificate.KeyFile}};
                    ssl_protocols TLSv1.3;
                    location / {
                        proxy_pass http://vllm;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_buffering off;
                        proxy_read_timeout 600s;
                    }
                }
            }

            """);
        return [Executables.Find("nginx")!, "-p", place.Folder, "-e", Path.Combine(place.Folder, "error.log"), "-c", configuration];
    }
}
