namespace Residuum.ErrorMemory;

/// <summary>How the ends of a bucket's range are stored.</summary>
public enum RangeStorage
{
    /// <summary>As float32: 8 bytes a bucket, exact.</summary>
    Float32,

    /// <summary>As bfloat16 rounded outward, so that the range still covers the bucket: 4 bytes a bucket.</summary>
    Bfloat16,
}
