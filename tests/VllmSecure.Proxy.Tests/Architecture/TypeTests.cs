using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Tests.Architecture;

/// <summary>What is public, what is validated, and whose clock is read.</summary>
public sealed class TypeTests
{
    private static readonly Assembly Proxy = typeof(ProxyApp).Assembly;

    [Fact]
    public void PublicTypes_AreWhatAnEmbeddingHostNeeds() =>
        Assert.Equal(
            [nameof(ProxyAddresses), nameof(ProxyApp)],
            Proxy.GetExportedTypes().Select(type => type.Name).Where(name => name != "Program").Order(StringComparer.Ordinal));

    [Fact]
    public void Classes_WithoutHeirs_AreSealed() =>
        Assert.Empty(
            from type in OwnTypes()
            where type is { IsClass: true, IsSealed: false, IsAbstract: false } && !OwnTypes().Any(other => other.BaseType == type)
            select type.FullName);

    [Fact]
    public void Options_HaveAValidator()
    {
        var validated = Proxy.GetTypes().SelectMany(type => type.GetInterfaces())
            .Where(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IValidateOptions<>))
            .Select(contract => contract.GetGenericArguments()[0]).ToHashSet();

        // The options inside of options are their validator's business.
        var covered = validated.Concat(validated.SelectMany(Inside)).ToHashSet();
        Assert.NotEmpty(validated);
        Assert.Empty(OwnTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.IsClass && !covered.Contains(type)).Select(type => type.FullName));
    }

    [Fact]
    public void WallClock_IsNeverRead()
    {
        using var file = new PEReader(File.OpenRead(Proxy.Location));
        var metadata = file.GetMetadataReader();
        var banned = new HashSet<string>(StringComparer.Ordinal)
        {
            "DateTime.get_Now", "DateTime.get_UtcNow", "DateTime.get_Today", "DateTimeOffset.get_Now", "DateTimeOffset.get_UtcNow",
            "Stopwatch.StartNew", "Stopwatch.GetTimestamp", "Environment.get_TickCount", "Environment.get_TickCount64", "Thread.Sleep",
        };

        Assert.DoesNotContain(metadata.MemberReferences.Select(handle => Describe(metadata, metadata.GetMemberReference(handle))), banned.Contains);
    }

    private static IEnumerable<Type> OwnTypes() =>
        Proxy.GetTypes().Where(type => type.Namespace?.StartsWith("VllmSecure.Proxy", StringComparison.Ordinal) == true
            && !type.IsNested && !type.Name.StartsWith('<'));

    private static IEnumerable<Type> Inside(Type options) =>
        options.GetProperties().Select(property => property.PropertyType).SelectMany(type => type.IsGenericType ? type.GetGenericArguments() : [type])
            .SelectMany(type => type.Assembly == Proxy && type != options ? Inside(type).Prepend(type) : []);

    private static string Describe(MetadataReader metadata, MemberReference member)
    {
        var type = member.Parent.Kind == HandleKind.TypeReference
            ? metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name)
            : "";
        return $"{type}.{metadata.GetString(member.Name)}";
    }
}
