namespace Residuum.State;

/// <summary>What is wrong with a safetensors file: one value per malformed case, in the order in which a reader looks for them.</summary>
public enum SafetensorsError
{
    /// <summary>The file is shorter than the 8 bytes that hold the header's length.</summary>
    HeaderTooSmall,

    /// <summary>The header would be longer than 100,000,000 bytes.</summary>
    HeaderTooLarge,

    /// <summary>The header would end after the file.</summary>
    InvalidHeaderLength,

    /// <summary>
    /// The header is not UTF-8, not a JSON object, has duplicates, or has other members, types or numbers than the format knows.
    /// </summary>
    InvalidHeader,

    /// <summary>A tensor does not begin where the one before ended, or ends before it begins.</summary>
    InvalidOffset,

    /// <summary>A tensor's size does not fit 64 bits.</summary>
    ValidationOverflow,

    /// <summary>A tensor of elements smaller than a byte does not fill whole bytes.</summary>
    MisalignedSlice,

    /// <summary>A tensor's range is not as long as its shape and type say.</summary>
    TensorInvalidInfo,

    /// <summary>The last tensor does not end where the file ends: bytes are missing or left over.</summary>
    MetadataIncompleteBuffer,

    /// <summary>The file became shorter while it was read.</summary>
    Truncated,

    /// <summary>There is no tensor of the name asked for.</summary>
    TensorNotFound,

    /// <summary>The tensor's element type is not the one asked for, or one that this library only copies.</summary>
    TypeMismatch,
}
