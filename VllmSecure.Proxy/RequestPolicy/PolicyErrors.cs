using System.Globalization;
using VllmSecure.Proxy.Errors;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>What a refusal says: which field, and which setting would let it through. Never the value.</summary>
internal static class PolicyErrors
{
    public static ApiError Field(FieldRule rule) => Refuse(
        rule.NeedsState ? "stateful_refused" : "field_refused",
        rule.Field,
        rule.NeedsState
            ? $"'{rule.Field}' is not available here. {rule.Reason} The operator can open it with StatefulResponses:Enabled."
            : $"'{rule.Field}' is not allowed here. {rule.Reason} The operator can allow it with {RequestPolicyOptions.Section}:AllowFields.");

    public static ApiError Limit(CapRule rule, long limit) => Refuse(
        "limit_exceeded",
        rule.Field,
        string.Create(
            CultureInfo.InvariantCulture,
            $"'{rule.Field}' {(rule.CountsItems ? "has more items than" : "must be a whole number from 0 to")} {limit} ({RequestPolicyOptions.Section}:{rule.Option})."));

    public static ApiError TemplateSwitch() => Refuse(
        "field_refused",
        "chat_template_kwargs",
        $"'chat_template_kwargs' may hold known switches only (enable_thinking, thinking, thinking_budget, reasoning_effort and those of {RequestPolicyOptions.Section}:TemplateSwitches), with plain values.");

    public static ApiError MediaCount(int limit) => Refuse(
        "limit_exceeded", "messages", string.Create(CultureInfo.InvariantCulture, $"The request has more than {limit} media items ({RequestPolicyOptions.Section}:MaxMediaItems)."));

    public static ApiError MediaSize(int limit) => Refuse(
        "limit_exceeded", "messages", string.Create(CultureInfo.InvariantCulture, $"A media item has more than {limit} bytes ({RequestPolicyOptions.Section}:MaxMediaBytes)."));

    public static ApiError MediaSource() => Refuse(
        "media_refused", "messages", $"Send media inline, as a data: URL. Remote addresses must be on a host of {RequestPolicyOptions.Section}:MediaHosts.");

    public static ApiError MediaType() => Refuse(
        "media_refused", "messages", $"Only images and audio are accepted (video: {RequestPolicyOptions.Section}:AllowVideo), as base64 with their media type.");

    public static ApiError SchemaSize(int limit) => Refuse(
        "schema_refused", "schema", string.Create(CultureInfo.InvariantCulture, $"A schema in the request has more than {limit} bytes ({RequestPolicyOptions.Section}:MaxSchemaBytes)."));

    public static ApiError SchemaText() => Refuse("schema_refused", "schema", "A schema that is given as a string must be one JSON object.");

    public static ApiError SchemaDepth(int limit) => Refuse(
        "schema_refused", "schema", string.Create(CultureInfo.InvariantCulture, $"A schema in the request has more than {limit} levels ({RequestPolicyOptions.Section}:MaxSchemaDepth)."));

    private static ApiError Refuse(string code, string param, string message) =>
        new(StatusCodes.Status400BadRequest, ApiErrorTypes.InvalidRequest, code, message) { Param = param };
}
