namespace Residuum.State;

/// <summary>What a state field is, known from shapes and options alone: the estimator adds these up, the optimizer allocates them.</summary>
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

    /// <summary>The size in bytes, in memory and on file.</summary>
    public long Bytes => checked(Elements * Type.ByteSize);
}
