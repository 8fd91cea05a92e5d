using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>The keys in force. Readers take the whole table by one reference, so a change never shows them half of it.</summary>
internal sealed class ApiKeyStore(IOptions<ApiKeysOptions> options)
{
    private volatile ApiKeyTable _table = ApiKeyTable.Create(options.Value.Keys, "ApiKeys:", []);

    public ApiKeyTable Current => _table;

    /// <summary>Puts a new table in force for all requests from now on.</summary>
    public void Replace(ApiKeyTable table) => _table = table;
}
