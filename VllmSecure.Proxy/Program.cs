return await VllmSecure.Proxy.ProxyApp.RunAsync(args);
