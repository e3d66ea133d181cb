namespace Residuum.Distributed.Exchange;

/// <summary>What a re-compressed error memory is stored as (methods page of ConEF, section 6).</summary>
public enum ErrorStorage
{
    /// <summary>4 bytes an entry, nothing lost.</summary>
    Float32,

    /// <summary>2 bytes an entry.</summary>
    Float16,

    /// <summary>1 byte an entry and a scale a block.</summary>
    Int8,

    /// <summary>The projection of each row on W sign vectors.</summary>
    ProjectionSketch,

    /// <summary>The entries of largest magnitude, with their indices.</summary>
    TopK,
}
