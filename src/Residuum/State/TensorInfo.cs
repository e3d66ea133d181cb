namespace Residuum.State;

/// <summary>A tensor in a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its element type as in the header, for example <c>BF16</c> or <c>F8_E4M3</c>.</param>
/// <param name="Shape">Its dimensions, row-major; empty for a scalar.</param>
/// <param name="Offset">Where its bytes begin, counted from the end of the header.</param>
/// <param name="Bytes">How many bytes it has.</param>
public sealed record TensorInfo(string Name, string TypeName, IReadOnlyList<long> Shape, long Offset, long Bytes)
{
    /// <summary>The element type, or null if this library only copies tensors of that type (4-, 6- and 8-bit floats, complex).</summary>
    public ElementType? Type => SafetensorsType.Find(TypeName)?.Decoded;

    /// <summary>The shape as text, for example <c>[3,4]</c>.</summary>
    public string ShapeText => $"[{string.Join(',', Shape)}]";
}
