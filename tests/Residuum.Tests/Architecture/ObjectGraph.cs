using System.Reflection;
using System.Runtime.CompilerServices;
using Residuum.Numerics;

namespace Residuum.Tests.Architecture;

/// <summary>All memory that an object holds on to: elements of arrays and fields, each with its path, its value, and a way to overwrite it.</summary>
internal static class ObjectGraph
{
    private const BindingFlags AllFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The cells below a root, in a fixed order.</summary>
    /// <param name="root">Where to begin.</param>
    /// <param name="isOutside">Objects that are not looked into.</param>
    public static List<Cell> Cells(object root, Func<object, bool> isOutside)
    {
        List<Cell> cells = [];
        Visit(root, root.GetType().Name, isOutside, cells, new HashSet<object>(ReferenceEqualityComparer.Instance));
        return cells;
    }

    /// <summary>The arrays below a root, those that delegates hold on to included.</summary>
    /// <param name="root">Where to begin.</param>
    public static HashSet<object> Arrays(object root)
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Visit(root, "", _ => false, [], seen);
        return [.. seen.Where(found => found is Array)];
    }

    private static void Visit(object node, string path, Func<object, bool> isOutside, List<Cell> cells, HashSet<object> seen)
    {
        if (node is string or Type or MemberInfo or Thread or WorkSharing or Scratch || isOutside(node) || !seen.Add(node))
        {
            return;
        }

        if (node is Delegate function)
        {
            if (function.Target is object target)
            {
                Visit(target, $"{path}()", isOutside, cells, seen);
            }

            return;
        }

        if (node is Array array)
        {
            VisitElements(array, path, isOutside, cells, seen);
            return;
        }

        VisitFields(node, path, isOutside, cells, seen);
    }

    private static void VisitElements(Array array, string path, Func<object, bool> isOutside, List<Cell> cells, HashSet<object> seen)
    {
        Type element = array.GetType().GetElementType()!;
        for (int i = 0; i < array.Length; i++)
        {
            int at = i;
            object? value = array.GetValue(at);
            if (IsPlain(element))
            {
                cells.Add(new Cell($"{path}[{at}]", () => array.GetValue(at), garbage => array.SetValue(garbage, at)));
            }
            else if (value is not null)
            {
                Visit(value, $"{path}[{at}]", isOutside, cells, seen);
            }
        }
    }

    private static void VisitFields(object node, string path, Func<object, bool> isOutside, List<Cell> cells, HashSet<object> seen)
    {
        for (Type? type = node.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(AllFields))
            {
                string name = $"{path}.{field.Name}";
                object? value = field.FieldType.IsPointer || field.FieldType.IsByRefLike ? null : field.GetValue(node);
                if (value is null)
                {
                    continue;
                }

                if (IsPlain(field.FieldType))
                {
                    cells.Add(new Cell(name, () => field.GetValue(node), garbage => field.SetValue(node, garbage)));
                }
                else
                {
                    Visit(value, name, isOutside, cells, seen);
                }
            }
        }
    }

    // Numbers, and structures of numbers alone.
    private static bool IsPlain(Type type) => type.IsValueType
        && !(bool)typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!.MakeGenericMethod(type).Invoke(null, null)!;

    /// <summary>A piece of memory.</summary>
    /// <param name="Path">How it is reached.</param>
    /// <param name="Read">Its value.</param>
    /// <param name="Write">Overwrites it.</param>
    internal sealed record Cell(string Path, Func<object?> Read, Action<object?> Write);
}
