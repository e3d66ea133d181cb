namespace Residuum.State;

/// <summary>A tensor to be written to a safetensors file.</summary>
public sealed class TensorSource
{
    private readonly Action<Stream> _write;

    private TensorSource(string name, string typeName, IReadOnlyList<long> shape, long bytes, Action<Stream> write)
    {
        Name = name;
        TypeName = typeName;
        Shape = shape;
        Bytes = bytes;
        _write = write;
    }

    /// <summary>Its name in the file.</summary>
    public string Name { get; }

    /// <summary>Its element type as in the header.</summary>
    public string TypeName { get; }

    /// <summary>Its dimensions, row-major.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>How many bytes it has.</summary>
    public long Bytes { get; }

    /// <summary>A tensor whose bytes a function writes.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="shape">Its dimensions, row-major.</param>
    /// <param name="write">Writes exactly the bytes of that type and shape, little-endian.</param>
    public static TensorSource Of(string name, ElementType type, IReadOnlyList<long> shape, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(write);
        FieldSpec spec = new(name, type, shape);
        return new TensorSource(name, type.SafetensorsName, spec.Shape, spec.Bytes, write);
    }

    /// <summary>A tensor copied byte by byte from another file, whatever its type.</summary>
    /// <param name="file">The file, which must stay open until the tensor is written.</param>
    /// <param name="tensor">One of its tensors.</param>
    /// <param name="name">The name in the new file; null keeps it.</param>
    public static TensorSource Copy(SafetensorsFile file, TensorInfo tensor, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(tensor);
        return new TensorSource(name ?? tensor.Name, tensor.TypeName, tensor.Shape, tensor.Bytes, destination =>
        {
            using Stream source = file.OpenTensor(tensor.Name);
            source.CopyTo(destination);
        });
    }

    internal void Write(Stream destination) => _write(destination);
}
