namespace Residuum.State;

/// <summary>The element types of named state and of safetensors files that this library reads and writes.</summary>
public enum ElementType
{
    /// <summary>8-bit truth value, 0 or 1.</summary>
    Bool,

    /// <summary>8-bit unsigned integer.</summary>
    U8,

    /// <summary>8-bit signed integer.</summary>
    I8,

    /// <summary>16-bit unsigned integer.</summary>
    U16,

    /// <summary>16-bit signed integer.</summary>
    I16,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>bfloat16: the upper half of a float32.</summary>
    BF16,

    /// <summary>32-bit unsigned integer.</summary>
    U32,

    /// <summary>32-bit signed integer.</summary>
    I32,

    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>IEEE double precision.</summary>
    F64,

    /// <summary>64-bit signed integer.</summary>
    I64,

    /// <summary>64-bit unsigned integer.</summary>
    U64,
}
