namespace Residuum.State;

/// <summary>
/// What a state field is, known from shapes and options alone: the estimator adds these up, the optimizer allocates them.
/// </summary>
/// <param name="Name">The field's name as in a checkpoint, without the parameter's: <c>m</c>, <c>window_index</c>, ...</param>
/// <param name="Type">The element type it is stored in.</param>
/// <param name="Shape">Its dimensions in the checkpoint, row-major; empty for a scalar.</param>
public sealed record FieldSpec(string Name, ElementType Type, params IReadOnlyList<long> Shape)
{
    /// <summary>The number of elements.</summary>
    public long Elements
    {
        get
        {
            long count = 1;
            foreach (long dimension in Shape)
            {
                count = checked(count * dimension);
            }

            return count;
        }
    }

    /// <summary>Whether this is a counter: a single 64-bit integer, which memory accounts list apart.</summary>
    public bool IsCounter => Type == ElementType.I64 && Shape.Count == 0;

    /// <summary>
    /// For a counter: what it stays below; it is never negative. Values of a file outside are refused. Default: 2^63 - 1.
    /// </summary>
    public long CounterEnd { get; init; } = long.MaxValue;

    /// <summary>Whether the field's memory is the parameter's gradient, which memory accounts have counted already.</summary>
    public bool IsInGradient { get; init; }

    /// <summary>Whether memory accounts count the field as state.</summary>
    public bool IsOwnMemory => !IsCounter && !IsInGradient;

    /// <summary>The size in bytes, in memory and on file.</summary>
    public long Bytes => checked(Elements * Type.ByteSize);

    /// <summary>A parameter's shape as a field's.</summary>
    /// <param name="shape">The dimensions.</param>
    public static long[] Dimensions(ReadOnlySpan<int> shape)
    {
        long[] dimensions = new long[shape.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            dimensions[i] = shape[i];
        }

        return dimensions;
    }
}
