using Residuum.State;

namespace Residuum.Compression;

/// <summary>A ring of the last m compressed gradients of all parameters, or of some that lie one after another.</summary>
/// <remarks>
/// What a method with a window of gradients needs of it (methods page of EFCP, 1.3): to compress a gradient into a row, to multiply rows
/// with each other, and to combine them. Gradients come, and combinations go, in a vector over all parameters that both sides share.
/// </remarks>
internal abstract class GradientWindow
{
    /// <summary>The live state.</summary>
    public abstract IEnumerable<StateField> State();

    /// <summary>
    /// Compresses the vector into a row; the vector is left with what was not kept. A window that keeps everything leaves the vector as it
    /// is.
    /// </summary>
    /// <param name="slot">The row.</param>
    /// <param name="filled">How many rows hold gradients, this one included.</param>
    /// <param name="products">One per filled row: its scalar product with the new row is added.</param>
    public abstract void Insert(int slot, int filled, Span<double> products);

    /// <summary>Fills the vector with the weighted sum of the first rows, as many as there are weights.</summary>
    public abstract void Combine(ReadOnlySpan<double> weights);
}
