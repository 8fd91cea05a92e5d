namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>Where in a body a field's name means the field.</summary>
internal enum FieldScope
{
    /// <summary>In the root object: the name is too common to be refused deeper.</summary>
    Root,

    /// <summary>Anywhere but in data that clients define themselves (schemas, arguments of tools, metadata).</summary>
    Anywhere,

    /// <summary>In <c>structured_outputs</c>.</summary>
    StructuredOutputs,

    /// <summary>In a JSON Schema that the output must match.</summary>
    Schema,
}
