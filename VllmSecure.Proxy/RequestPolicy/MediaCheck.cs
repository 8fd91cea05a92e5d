using System.Text.Json;
using VllmSecure.Proxy.Errors;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>Holds the media of a body against the policy, value by value, and counts them.</summary>
internal struct MediaCheck(RequestPolicyOptions options)
{
    private bool _isUrl;
    private bool _isData;
    private bool _isMediaType;
    private int _items;

    /// <summary>A member's name in a <see cref="PolicyPlace.Media"/> object.</summary>
    public void OnName(scoped ReadOnlySpan<byte> name)
    {
        _isUrl = name.SequenceEqual("url"u8);
        _isData = name.SequenceEqual("data"u8);
        _isMediaType = name.SequenceEqual("media_type"u8);
    }

    /// <summary>The value of the last name.</summary>
    public ApiError? OnMember(scoped in Utf8JsonReader reader, MediaKind kind)
    {
        var (isUrl, isData, isMediaType) = (_isUrl, _isData, _isMediaType);
        _isUrl = _isData = _isMediaType = false;
        if (reader.TokenType == JsonTokenType.Null || !(isUrl || isData || isMediaType))
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            return PolicyErrors.MediaSource();
        }

        return isUrl ? OnUrl(in reader, kind)
            : isData ? Count(in reader)
            : MediaSources.IsAllowedType(in reader, options) ? null : PolicyErrors.MediaType();
    }

    /// <summary>The value of a field that holds media: its URL, or an object with more about it.</summary>
    public ApiError? OnField(scoped in Utf8JsonReader reader, MediaKind kind) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        _ when kind == MediaKind.Video && !options.AllowVideo => PolicyErrors.MediaType(),
        JsonTokenType.String => OnUrl(in reader, kind),
        JsonTokenType.StartObject => null,
        _ => PolicyErrors.MediaSource(),
    };

    /// <summary>An item of a list of images.</summary>
    public ApiError? OnItem(scoped in Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? OnUrl(in reader, MediaKind.Image) : PolicyErrors.MediaSource();

    private ApiError? OnUrl(scoped in Utf8JsonReader reader, MediaKind kind) =>
        Count(in reader) ?? MediaSources.Check(in reader, kind, options);

    private ApiError? Count(scoped in Utf8JsonReader reader) =>
        JsonText.Length(in reader) > options.MaxMediaBytes ? PolicyErrors.MediaSize(options.MaxMediaBytes)
        : ++_items > options.MaxMediaItems ? PolicyErrors.MediaCount(options.MaxMediaItems)
        : null;
}
