namespace Residuum.State;

/// <summary>Writes safetensors files: beside the target first, flushed to the disk, then put in its place in one piece.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a file. Whatever happens, the target is either as it was or complete.</summary>
    /// <param name="path">The target; an existing file is replaced.</param>
    /// <param name="tensors">The tensors. In the file the wider elements come first, then names decide, so that each tensor is
    /// aligned.</param>
    /// <param name="metadata">The texts under <c>__metadata__</c>; none by default.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, or one is named <c>__metadata__</c>.</exception>
    /// <exception cref="IOException">The file could not be written, for example because the disk is full; nothing was
    /// overwritten.</exception>
    public static void Write(string path, IEnumerable<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        Write(path, tensors, metadata ?? new Dictionary<string, string>(), checksummed: false);

    /// <param name="path">The target.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="metadata">The texts.</param>
    /// <param name="checksummed">Whether to add <see cref="FileChecksum.Key"/> to the metadata.</param>
    /// <inheritdoc cref="Write(string, IEnumerable{TensorSource}, IReadOnlyDictionary{string, string}?)"/>
    internal static void Write(
        string path, IEnumerable<TensorSource> tensors, IReadOnlyDictionary<string, string> metadata, bool checksummed)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        TensorSource[] ordered = [.. InFileOrder(tensors, tensor => (tensor.TypeName, tensor.Name))];
        CheckNames(ordered);
        Dictionary<string, string> texts = new(metadata, StringComparer.Ordinal);
        if (checksummed)
        {
            texts[FileChecksum.Key] = FileChecksum.Placeholder;
        }

        byte[] header = SafetensorsHeaderWriter.Encode(ordered, texts);
        long length = ordered.Aggregate((long)header.Length, (sum, tensor) => checked(sum + tensor.Bytes));
        AtomicFile.Write(path, length, file =>
        {
            ChecksumStream hashed = new(file);
            hashed.Write(header);
            foreach (TensorSource tensor in ordered)
            {
                WriteTensor(hashed, tensor);
            }

            if (checksummed)
            {
                // The checksum is known last but stands first: same length, so the header keeps its size.
                texts[FileChecksum.Key] = FileChecksum.Format(hashed.Hash());
                file.Position = 0;
                file.Write(SafetensorsHeaderWriter.Encode(ordered, texts));
            }
        });
    }

    /// <summary>Tensors in the order in which they are written.</summary>
    /// <typeparam name="T">What stands for a tensor.</typeparam>
    /// <param name="tensors">The tensors.</param>
    /// <param name="of">A tensor's type and name.</param>
    internal static IEnumerable<T> InFileOrder<T>(IEnumerable<T> tensors, Func<T, (string Type, string Name)> of) =>
        tensors.OrderByDescending(tensor => SafetensorsType.Find(of(tensor).Type)!.Bits)
            .ThenBy(tensor => of(tensor).Name, StringComparer.Ordinal);

    private static void WriteTensor(ChecksumStream destination, TensorSource tensor)
    {
        long start = destination.Written;
        tensor.Write(destination);
        if (destination.Written - start != tensor.Bytes)
        {
            throw new InvalidOperationException(
                $"The tensor '{tensor.Name}' should have {tensor.Bytes} bytes, but {destination.Written - start} were written.");
        }
    }

    private static void CheckNames(TensorSource[] tensors)
    {
        HashSet<string> names = new(StringComparer.Ordinal) { "__metadata__" };
        foreach (TensorSource tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException(
                    $"The tensor name '{tensor.Name}' is reserved or used twice; names must be unique.", nameof(tensors));
            }
        }
    }
}
