namespace Residuum.State;

/// <summary>A field that memory holds in another order than the file.</summary>
public sealed class ConvertedField : StateField
{
    private readonly Writer _write;
    private readonly Reader _read;
    private readonly Checker? _check;

    internal ConvertedField(string name, FieldSpec spec, Writer write, Reader read, Checker? check)
        : base(name, spec)
    {
        _write = write;
        _read = read;
        _check = check;
    }

    /// <summary>Fills <paramref name="destination"/> with the content in the file's order.</summary>
    /// <param name="destination">As many bytes as the field has.</param>
    public delegate void Writer(Span<byte> destination);

    /// <summary>Takes the content in the file's order.</summary>
    /// <param name="source">As many bytes as the field has.</param>
    public delegate void Reader(ReadOnlySpan<byte> source);

    /// <summary>Says what is wrong with content in the file's order, or null if nothing is.</summary>
    /// <param name="source">As many bytes as the field has.</param>
    public delegate string? Checker(ReadOnlySpan<byte> source);

    /// <inheritdoc/>
    public override void Write(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        byte[] bytes = new byte[Spec.Bytes];
        _write(bytes);
        destination.Write(bytes);
    }

    /// <inheritdoc/>
    public override void Read(Stream source) => _read(Bytes(source));

    /// <inheritdoc/>
    public override string? Check(Stream source) => _check?.Invoke(Bytes(source));

    private byte[] Bytes(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        byte[] bytes = new byte[Spec.Bytes];
        source.ReadExactly(bytes);
        return bytes;
    }
}
