namespace VllmSecure.Proxy.Exchange;

/// <summary>A member of the body's root object, or a field of a form.</summary>
/// <param name="Name">Its name, unescaped.</param>
/// <param name="Value">Where its value stands, from the first byte to the last.</param>
internal readonly record struct BodyMember(string Name, BodyRange Value);
