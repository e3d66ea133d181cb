using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Residuum.Architecture;

/// <summary>The public and protected members of an assembly as sorted lines of text.</summary>
internal static class PublicApi
{
    private const string WriteVariable = "RESIDUUM_WRITE_PUBLIC_API";

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    /// <summary>Fails unless an assembly's members are the lines of a file; writes the file first where the environment asks for it.</summary>
    /// <param name="assembly">The library.</param>
    /// <param name="path">The file.</param>
    public static void AssertListed(Assembly assembly, string path)
    {
        string[] found = [.. Lines(assembly)];
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            File.WriteAllText(path, string.Join('\n', found) + "\n");
        }

        string[] listed = File.ReadAllLines(path);
        string difference = string.Join(
            '\n',
            found.Except(listed).Select(line => $"not in the list: {line.Trim()}").Concat(listed.Except(found).Select(line => $"no longer there: {line.Trim()}")));
        Assert.True(found.SequenceEqual(listed), $"{difference}\nAfter a wanted change run this test with {WriteVariable}=1, which rewrites {Path.GetFileName(path)}.");
    }

    /// <summary>A line per member, each under the line of its type.</summary>
    /// <param name="assembly">The library.</param>
    public static IEnumerable<string> Lines(Assembly assembly)
    {
        foreach (Type type in assembly.GetExportedTypes().Where(type => !IsGenerated(type)).OrderBy(type => $"{type.Namespace}.{NameOf(type)}", StringComparer.Ordinal))
        {
            yield return $"{type.Namespace}.{NameOf(type)}: {KindOf(type)}{BasesOf(type)}";
            foreach (string member in type.GetMembers(Declared).Where(member => !IsGenerated(member)).Select(MemberText).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                yield return $"    {member}";
            }
        }
    }

    // What the compiler adds to records and extension blocks is left out.
    private static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) || member.Name == "EqualityContract" || NameOfMember(member).Contains('<');

    private static string NameOfMember(MemberInfo member) => member is Type type ? type.FullName! : member.Name;

    private static string KindOf(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsSubclassOf(typeof(Delegate)) ? "delegate"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static string BasesOf(Type type)
    {
        IEnumerable<Type> bases = type.GetInterfaces().Where(face => face.IsPublic && face.Assembly == type.Assembly).OrderBy(NameOf, StringComparer.Ordinal);
        if (type.BaseType is Type parent && parent.Assembly == type.Assembly)
        {
            bases = bases.Prepend(parent);
        }

        string names = string.Join(", ", bases.Select(NameOf));
        return names.Length == 0 ? "" : $", {names}";
    }

    private static string? MemberText(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when IsVisible(constructor) => $"new({ParametersOf(constructor)})",
        MethodInfo { IsSpecialName: false } method when IsVisible(method) && !method.Name.Contains('<') =>
            $"{Modifiers(method)}{NameOf(method.ReturnType)} {method.Name}{GenericsOf(method)}({ParametersOf(method)})",
        MethodInfo { IsSpecialName: true, Name: ['o', 'p', '_', ..] } method when IsVisible(method) => $"operator {NameOf(method.ReturnType)} {method.Name}({ParametersOf(method)})",
        PropertyInfo property => PropertyText(property),
        FieldInfo field when field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly => FieldText(field),
        EventInfo happening when happening.AddMethod is MethodInfo add && IsVisible(add) => $"event {NameOf(happening.EventHandlerType!)} {happening.Name}",
        _ => null,
    };

    private static string? PropertyText(PropertyInfo property)
    {
        MethodInfo?[] accessors = [property.GetMethod, property.SetMethod];
        if (accessors.FirstOrDefault(accessor => accessor is not null && IsVisible(accessor)) is not MethodInfo visible)
        {
            return null;
        }

        bool isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Length > 0;
        string get = property.GetMethod is MethodInfo getter && IsVisible(getter) ? " get;" : "";
        string set = property.SetMethod is MethodInfo setter && IsVisible(setter) ? isInit ? " init;" : " set;" : "";
        return $"{Modifiers(visible)}{NameOf(property.PropertyType)} {property.Name} {{{get}{set} }}";
    }

    private static string? FieldText(FieldInfo field) =>
        field.IsSpecialName ? null
        : field.IsLiteral ? $"const {NameOf(field.FieldType)} {field.Name} = {Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}"
        : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{NameOf(field.FieldType)} {field.Name}";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Modifiers(MethodInfo method) =>
        (method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "")
        + (method.IsStatic ? "static " : "")
        + (method is { IsAbstract: true, DeclaringType.IsInterface: false } ? "abstract "
            : method.GetBaseDefinition() != method ? "override "
            : method is { IsVirtual: true, IsFinal: false, DeclaringType.IsInterface: false } ? "virtual " : "");

    private static string GenericsOf(MethodInfo method) =>
        method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>" : "";

    private static string ParametersOf(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{NameOf(parameter.ParameterType)} {parameter.Name}{(parameter.IsOptional ? " = " + DefaultOf(parameter) : "")}"));

    private static string DefaultOf(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null => "default",
        bool truth => truth ? "true" : "false",
        string text => $"\"{text}\"",
        object value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string NameOf(Type type)
    {
        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        if (type.IsByRef)
        {
            return "ref " + NameOf(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return NameOf(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is Type underlying)
        {
            return NameOf(underlying) + "?";
        }

        StringBuilder name = new(type.IsNested && !type.IsGenericParameter ? NameOf(type.DeclaringType!) + "." : "");
        name.Append(type.Name.Split('`')[0]);
        if (type.IsGenericType && type.Name.Contains('`'))
        {
            name.Append('<').AppendJoin(", ", type.GetGenericArguments().Select(NameOf)).Append('>');
        }

        return name.ToString();
    }
}
