namespace Residuum.Distributed.Exchange;

/// <summary>Which parameters travel together where gradients are divided: neighbours, the last parameters first.</summary>
internal static class GradientBuckets
{
    // Of a large model 1 MB, of a small one a sixteenth of its entries, so that two buckets are little beside a rank's share. A larger
    // parameter is a bucket of its own.
    private const int Most = 262_144;
    private const int Least = 4096;
    private const int LeastBuckets = 16;

    /// <summary>Divides the parameters, in the order in which a backward pass completes their gradients.</summary>
    /// <param name="lengths">The entries of each parameter.</param>
    public static IReadOnlyList<Range> Of(IReadOnlyList<int> lengths)
    {
        List<Range> buckets = [];
        long most = Math.Clamp(lengths.Sum(length => (long)length) / LeastBuckets, Least, Most);
        for (int end = lengths.Count; end > 0;)
        {
            int first = end - 1;
            long length = lengths[first];
            while (first > 0 && length + lengths[first - 1] <= most)
            {
                first--;
                length += lengths[first];
            }

            buckets.Add(first..end);
            end = first;
        }

        return buckets;
    }
}
