using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Compression;

/// <summary>
/// Numbers kept in a byte each: blocks of consecutive entries, scaled by the block's largest magnitude to the entries of a dynamic map.
/// </summary>
/// <remarks>1 byte an entry and 4 a block (methods page of the baselines, section 4). Zeros at first.</remarks>
/// <param name="codes">A code an entry: 1 byte, 0 at first.</param>
/// <param name="absmax">The largest magnitude of each block, 0 at first.</param>
/// <param name="blockSize">Entries of a block, at least 1; the last block may be shorter.</param>
/// <param name="map">Signed or unsigned.</param>
internal sealed class EightBitVector(Memory<byte> codes, Memory<float> absmax, int blockSize, DynamicMap map)
{
    /// <summary>Makes numbers with memory of their own.</summary>
    /// <param name="length">The tensor's entries.</param>
    /// <param name="blockSize">Entries of a block, at least 1; the last block may be shorter.</param>
    /// <param name="map">Signed or unsigned.</param>
    public EightBitVector(int length, int blockSize, DynamicMap map)
        : this(new byte[length], new float[Blocks(length, blockSize)], blockSize, map)
    {
    }

    /// <summary>The fields <c>NAME_code</c>, of the tensor's shape, and <c>NAME_absmax</c>, one a block.</summary>
    /// <param name="name">What the numbers are, for example <c>m</c>.</param>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="blockSize">Entries of a block.</param>
    public static IReadOnlyList<FieldSpec> Fields(string name, ReadOnlySpan<int> shape, int blockSize) =>
    [
        new($"{name}_code", ElementType.U8, FieldSpec.Dimensions(shape)),
        new($"{name}_absmax", ElementType.F32, Blocks(TensorShape.ElementCount(shape, name), blockSize)),
    ];

    /// <summary>The live fields.</summary>
    /// <param name="owner">The parameter.</param>
    /// <param name="name">What the numbers are.</param>
    public IEnumerable<StateField> State(Parameter owner, string name)
    {
        IReadOnlyList<FieldSpec> fields = Fields(name, owner.Shape, blockSize);
        return [StateField.Of(owner.Name, fields[0], codes), StateField.Of(owner.Name, fields[1], absmax)];
    }

    /// <summary>Some of the numbers, as codes.</summary>
    /// <param name="start">The first one's place, where a block begins.</param>
    /// <param name="length">How many: whole blocks, or the rest of the tensor.</param>
    public EightBitBlocks Part(int start, int length) =>
        new(codes.Span.Slice(start, length), absmax.Span.Slice(start / blockSize, Blocks(length, blockSize)), blockSize);

    /// <summary>Gives back numbers as they are kept.</summary>
    /// <param name="values">Whole blocks, or the rest of the tensor.</param>
    /// <param name="start">The first one's place, where a block begins.</param>
    public void Read(Span<float> values, int start) => DynamicMapBlocks.Dequantize(map, Part(start, values.Length), values);

    /// <summary>Keeps numbers, as well as eight bits can.</summary>
    /// <param name="values">Whole blocks, or the rest of the tensor.</param>
    /// <param name="start">The first one's place, where a block begins.</param>
    public void Write(ReadOnlySpan<float> values, int start) => DynamicMapBlocks.Quantize(map, values, Part(start, values.Length));

    private static int Blocks(int length, int blockSize) => (int)(((long)length + blockSize - 1) / blockSize);
}
