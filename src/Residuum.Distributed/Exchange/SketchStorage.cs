namespace Residuum.Distributed.Exchange;

/// <summary>What the buckets of ConEF's sketch are stored in.</summary>
public enum SketchStorage
{
    /// <summary>4 bytes a bucket.</summary>
    Float32,

    /// <summary>2 bytes a bucket, rounded after every update.</summary>
    Float16,
}
