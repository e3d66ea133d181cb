namespace Residuum.State;

/// <summary>Sizes and safetensors names of <see cref="ElementType"/>.</summary>
public static class ElementTypeExtensions
{
    extension(ElementType type)
    {
        /// <summary>The size of one element in bytes.</summary>
        public int ByteSize => type switch
        {
            ElementType.Bool or ElementType.U8 or ElementType.I8 => 1,
            ElementType.U16 or ElementType.I16 or ElementType.F16 or ElementType.BF16 => 2,
            ElementType.U32 or ElementType.I32 or ElementType.F32 => 4,
            _ => 8,
        };

        /// <summary>The name in a safetensors header, for example <c>BF16</c>.</summary>
        public string SafetensorsName => type switch
        {
            ElementType.Bool => "BOOL",
            ElementType.U8 => "U8",
            ElementType.I8 => "I8",
            ElementType.U16 => "U16",
            ElementType.I16 => "I16",
            ElementType.F16 => "F16",
            ElementType.BF16 => "BF16",
            ElementType.U32 => "U32",
            ElementType.I32 => "I32",
            ElementType.F32 => "F32",
            ElementType.F64 => "F64",
            ElementType.I64 => "I64",
            _ => "U64",
        };
    }
}
