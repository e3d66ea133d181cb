namespace Residuum.Optimizers;

/// <summary>The arithmetic of the corrected gradient (methods page of MicroAdam, section 6).</summary>
public enum Accumulator
{
    /// <summary>float32 throughout.</summary>
    Float32,

    /// <summary>Rounded to bfloat16 where the authors' code rounds, for bit-compatibility with it.</summary>
    Bfloat16,
}
