namespace Residuum.Optimizers;

/// <summary>On which side of an m x n matrix the basis lies.</summary>
public enum ProjectionSide
{
    /// <summary>
    /// On the shorter side, so that the state is smallest; of a square matrix left in LDAdam and right in GaLore (the authors' <c>std</c>).
    /// </summary>
    Auto,

    /// <summary>
    /// The opposite of <see cref="Auto"/>; in LDAdam a square matrix is left all the same (the authors' <c>reverse_std</c>).
    /// </summary>
    Reverse,

    /// <summary>Left: the basis is m x r, the moments r x n.</summary>
    Left,

    /// <summary>Right: the basis is n x r, the moments m x r.</summary>
    Right,

    /// <summary>On both sides, moments r x r; GaLore alone.</summary>
    Full,
}
