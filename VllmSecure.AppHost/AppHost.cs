using VllmSecure.AppHost;
using VllmSecure.AppHost.Compose;
using VllmSecure.AppHost.SecureProxy;
using VllmSecure.AppHost.Vllm;

var builder = DistributedApplication.CreateBuilder(args);
var options = VllmOptions.From(builder.Configuration);
var timings = StackTimings.Default;

// vLLM, one or many: never outside.
var vllm = builder.AddVllm("vllm")
    .WithModel(builder.AddModelParameter(options))
    .WithServedModelName(options.ServedModelName)
    .WithMaxModelLength(options.MaxModelLength)
    .WithGpu(options.GpuVendor ?? GpuVendor.Nvidia, options.Gpus)
    .WithTensorParallelism(options.Gpus)
    .WithSharedMemory("16g")
    .WithHuggingFaceCache()
    .WithTimings(timings)
    .WithRunModeSecrets()
    .WithModelDownload(options)
    .WithReplicas(options.Replicas)
    .ServedBy<Projects.VllmSecure_Simulator>(options);

// The proxy: what clients see.
var proxy = builder.AddSecureProxy<Projects.VllmSecure_Proxy>("proxy", timings)
    .WithUpstream(vllm);

if (builder.ExecutionContext.IsPublishMode)
{
    if (CertificateSources.From(builder.Configuration) == CertificateSource.Files)
    {
        proxy.WithCertificateFiles("./certificates");
    }
    else
    {
        proxy.WithAcme(builder.AddAcmeDomain(), builder.AddAcmeEmail(), builder.AddAcmeTerms());
    }
}

// The dashboard is Aspire's own in run mode; published, it is part of the Compose files.
builder.AddComposeStack(vllm);

builder.Build().Run();
