using System.Runtime.Versioning;
using VllmSecure.EndToEndTests.Compose;

namespace VllmSecure.EndToEndTests.Systemd;

/// <summary>A Debian with systemd as process 1 in a container, and the program installed there as <c>deploy.md</c> says.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SystemdContainer : IAsyncDisposable
{
    private readonly string _id;

    private SystemdContainer(string id) => _id = id;

    /// <summary>Boots it and installs program, unit, settings and key; skips the test where something is missing.</summary>
    public static async Task<SystemdContainer> StartAsync()
    {
        await DockerHost.RequireAsync();
        var binary = UnprivilegedProxy.FindBinary();

        // Docker keeps from a container what systemd needs to make sandboxes: capabilities, system calls, the cgroup tree.
        var container = new SystemdContainer(await DockerHost.RunAsync(
            "run", "--detach", "--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE", "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined",
            "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw", "--tmpfs", "/run:exec", "--tmpfs", "/tmp", "--env", "container=docker",
            "--env", "SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1", DockerHost.BaseImage, "/lib/systemd/systemd"));
        try
        {
            // "degraded" tells of units that no container can have, such as kernel modules.
            await container.RunAsync("timeout", "60", "sh", "-c", "until systemctl is-system-running --wait | grep -qE 'running|degraded'; do sleep 0.2; done");
            await container.RunAsync("sh", "-c", "mount --make-rshared / && mount --make-rshared /run && mkdir /etc/vllm-secure");
            await DockerHost.RunAsync("cp", binary, $"{container._id}:/usr/local/bin/vllm-secure");
            await DockerHost.RunAsync("cp", Packaged("vllm-secure.service"), $"{container._id}:/etc/systemd/system/");
            await DockerHost.RunAsync("cp", Packaged("vllm-secure.env"), $"{container._id}:/etc/vllm-secure/");
            await container.RunAsync("sh", "-c", "openssl rand -hex 32 | install -m 0600 /dev/stdin /etc/vllm-secure/api-key && systemctl daemon-reload");
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    public async Task<string> RunAsync(params string[] command) => await DockerHost.RunAsync(["exec", _id, .. command]);

    public Task<(int ExitCode, string Output)> TryAsync(params string[] command) => DockerHost.TryAsync(["exec", _id, .. command]);

    public async ValueTask DisposeAsync() => await DockerHost.TryAsync("rm", "--force", "--volumes", _id);

    private static string Packaged(string file) => Path.Combine(Repository.Root, "packaging", "systemd", file);
}
