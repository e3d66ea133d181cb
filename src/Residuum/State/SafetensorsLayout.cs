namespace Residuum.State;

/// <summary>The checks on what a header says, before anything is allocated by it.</summary>
internal static class SafetensorsLayout
{
    /// <summary>Puts the tensors in the order of the file and checks that they cover the buffer exactly.</summary>
    /// <param name="entries">What the header says.</param>
    /// <param name="bufferLength">The bytes after the header.</param>
    public static List<TensorInfo> Check(List<SafetensorsHeaderReader.Entry> entries, long bufferLength)
    {
        entries.Sort(static (a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        List<TensorInfo> tensors = new(entries.Count);
        ulong position = 0;
        foreach (SafetensorsHeaderReader.Entry entry in entries)
        {
            if (entry.Begin != position || entry.End < entry.Begin)
            {
                throw new SafetensorsException(
                    SafetensorsError.InvalidOffset,
                    $"The tensor '{entry.Name}' has the range [{entry.Begin}, {entry.End}), but the tensor before it ends at {position}.");
            }

            position = entry.End;
            ulong bytes = CheckedBytes(entry);
            ulong range = entry.End - entry.Begin;
            if (bytes != range)
            {
                throw new SafetensorsException(
                    SafetensorsError.TensorInvalidInfo,
                    $"{Described(entry)} has {bytes} bytes, but its range has {range}.");
            }

            tensors.Add(new TensorInfo(entry.Name, entry.Type.Name, [.. entry.Shape.Select(d => (long)d)], (long)entry.Begin, (long)bytes));
        }

        return position == (ulong)bufferLength ? tensors : throw new SafetensorsException(
            SafetensorsError.MetadataIncompleteBuffer,
            $"The tensors have {position} bytes, but {bufferLength} follow the header.");
    }

    private static ulong CheckedBytes(SafetensorsHeaderReader.Entry entry)
    {
        try
        {
            ulong bits = (ulong)entry.Type.Bits;
            ulong elements = 1;
            foreach (ulong dimension in entry.Shape)
            {
                // Dimensions are signed in .NET; one beyond that can only stand in an empty tensor.
                elements = checked(elements * (ulong)(long)dimension);
            }

            bits = checked(bits * elements);
            return bits % 8 == 0 ? bits / 8 : throw new SafetensorsException(
                SafetensorsError.MisalignedSlice,
                $"The tensor '{entry.Name}' has {elements} elements of {entry.Type.Bits} bits, which do not fill whole bytes.");
        }
        catch (OverflowException exception)
        {
            throw new SafetensorsException(
                SafetensorsError.ValidationOverflow,
                $"{Described(entry)} is so large that its size does not fit 64 bits.",
                exception);
        }
    }

    private static string Described(SafetensorsHeaderReader.Entry entry) =>
        $"The tensor '{entry.Name}' of type {entry.Type.Name} and shape [{string.Join(',', entry.Shape)}]";
}
