namespace Residuum.Compression;

/// <summary>
/// Fixes the signs of basis vectors, which singular vectors leave open, for methods that carry moments over from one basis to the next as
/// they are.
/// </summary>
internal static class BasisSigns
{
    /// <summary>Makes the entry of largest magnitude of every vector positive; of equal ones the first counts.</summary>
    /// <param name="basis">side x rank, row-major.</param>
    /// <param name="side">The length of a vector.</param>
    /// <param name="rank">The number of vectors.</param>
    public static void Fix(Span<float> basis, int side, int rank)
    {
        for (int j = 0; j < rank; j++)
        {
            float largest = 0;
            for (int i = 0; i < side; i++)
            {
                float entry = basis[(i * rank) + j];
                largest = MathF.Abs(entry) > MathF.Abs(largest) ? entry : largest;
            }

            for (int i = 0; largest < 0 && i < side; i++)
            {
                basis[(i * rank) + j] = -basis[(i * rank) + j];
            }
        }
    }
}
