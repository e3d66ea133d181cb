namespace Residuum.State;

/// <summary>
/// One named piece of what changes in a step. The list of an optimizer's fields drives save, load, the memory account, equality and
/// re-division between workers, so nothing can be in one of them and missing in another.
/// </summary>
public abstract class StateField
{
    private protected StateField(string name, FieldSpec spec)
    {
        Name = name;
        Spec = spec;
    }

    /// <summary>The full name, <c>parameter.field</c>, or <c>field</c> where it belongs to the optimizer as a whole.</summary>
    public string Name { get; }

    /// <summary>Element type and shape.</summary>
    public FieldSpec Spec { get; }

    /// <summary>
    /// Writes the field's content, little-endian and in the order of the method's page: exactly <see cref="FieldSpec.Bytes"/> bytes.
    /// </summary>
    /// <param name="destination">Where to write.</param>
    public abstract void Write(Stream destination);

    /// <summary>
    /// Replaces the field's content by <see cref="FieldSpec.Bytes"/> bytes of <paramref name="source"/>, as <see cref="Write"/> wrote them.
    /// </summary>
    /// <param name="source">Where to read.</param>
    /// <exception cref="EndOfStreamException">The stream ends before the field does.</exception>
    public abstract void Read(Stream source);

    /// <summary>
    /// Says what is wrong with content that <see cref="Read"/> would take, or null if nothing is; any bits are right unless the field says
    /// otherwise.
    /// </summary>
    /// <param name="source">Where to read, as <see cref="Write"/> wrote it.</param>
    /// <exception cref="EndOfStreamException">The stream ends before the field does.</exception>
    public virtual string? Check(Stream source) => null;

    /// <summary>A field whose memory already has the order of the file.</summary>
    /// <typeparam name="T">The element in memory, of the size of <see cref="FieldSpec.Type"/>.</typeparam>
    /// <param name="owner">The parameter's name, or null for a field of the optimizer as a whole.</param>
    /// <param name="spec">What the field is.</param>
    /// <param name="memory">The live content.</param>
    /// <exception cref="ArgumentException">The memory's size in bytes is not that of <paramref name="spec"/>.</exception>
    public static StateField Of<T>(string? owner, FieldSpec spec, Memory<T> memory)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new MemoryField<T>(QualifiedName(owner, spec), spec, memory);
    }

    /// <summary>A field that memory holds in another order than the file; only save and load convert.</summary>
    /// <param name="owner">The parameter's name, or null for a field of the optimizer as a whole.</param>
    /// <param name="spec">What the field is.</param>
    /// <param name="write">Fills the buffer with the content in the file's order.</param>
    /// <param name="read">Takes the content in the file's order.</param>
    /// <param name="check">Says what is wrong with content before it is taken; null (default) if any bits are right.</param>
    public static StateField Converted(
        string? owner, FieldSpec spec, ConvertedField.Writer write, ConvertedField.Reader read, ConvertedField.Checker? check = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new ConvertedField(QualifiedName(owner, spec), spec, write, read, check);
    }

    private protected static string QualifiedName(string? owner, FieldSpec spec) => owner is null ? spec.Name : $"{owner}.{spec.Name}";
}
