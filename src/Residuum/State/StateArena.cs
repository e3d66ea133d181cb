namespace Residuum.State;

/// <summary>
/// Memory for the state of many tensors: the same field of one small tensor after another lies in one array, in the order of their
/// allocation.
/// </summary>
/// <remarks>
/// A processor requests memory ahead of a loop that goes on where it was, and waits at the start of every array that stands alone. All
/// bytes of the arrays are fields: nothing is rounded up.
/// </remarks>
internal sealed class StateArena
{
    // A field of more bytes has an array of its own: its start counts for little.
    private const int SmallBytes = 1 << 18;

    private readonly Dictionary<string, Run> _runs = [];

    /// <summary>Plans the arrays.</summary>
    /// <param name="fields">All fields that will be allocated.</param>
    public StateArena(IEnumerable<FieldSpec> fields)
    {
        foreach (FieldSpec field in fields.Where(IsSmall))
        {
            _runs.TryAdd(field.Name, new Run());
            _runs[field.Name].Left += field.Elements;
        }
    }

    /// <summary>Gives every field an array of its own.</summary>
    public static StateArena Apart { get; } = new([]);

    /// <summary>Allocates a field, all zeros.</summary>
    /// <typeparam name="T">The element in memory, of the size of the field's type.</typeparam>
    /// <param name="field">The field; fields of a name have one type.</param>
    public Memory<T> Take<T>(FieldSpec field)
        where T : unmanaged
    {
        int length = checked((int)field.Elements);
        if (!IsSmall(field) || !_runs.TryGetValue(field.Name, out Run? run) || run.Left < length)
        {
            return new T[length];
        }

        if (run.Array is not T[] array || array.Length - run.Used < length)
        {
            run.Array = array = new T[Math.Min(run.Left, System.Array.MaxLength)];
            run.Used = 0;
        }

        Memory<T> memory = array.AsMemory(run.Used, length);
        run.Used += length;
        run.Left -= length;
        return memory;
    }

    private static bool IsSmall(FieldSpec field) => field.Bytes <= SmallBytes;

    /// <summary>The fields of one name: their current array, and how many elements are still to be allocated.</summary>
    private sealed class Run
    {
        public Array? Array { get; set; }

        public int Used { get; set; }

        public long Left { get; set; }
    }
}
