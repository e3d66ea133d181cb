using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

/// <summary>The kernels of the 4-bit quantizer (methods page of MicroAdam, section 5).</summary>
public sealed class FourBitBucketsTests
{
    /// <summary>Page of MicroAdam, 5.2: codes by the inverse are those of the division, also halfway between two levels.</summary>
    [Theory]
    [InlineData(64, 1e-3f)]
    [InlineData(1024, 1)]
    [InlineData(6, 1)]
    [InlineData(64, 1e-37f)]
    [InlineData(64, 1e37f)]
    [InlineData(int.MaxValue - 1, 1)]
    public void Codes_are_those_of_the_page(int bucketSize, float scale)
    {
        CounterRandom random = new(seed: 7, stream: 1);
        ulong draw = 0;
        for (int round = 0; round < 100; round++)
        {
            // Every third round of bfloat16 numbers, every fourth of one number.
            float[] values = new float[1030];
            for (int i = 0; i < values.Length; i++)
            {
                float x = (float)random.Normal(draw++) * scale;
                values[i] = round % 4 == 3 ? scale : round % 3 == 0 ? BFloat16.Round(x) : x;
            }

            int buckets = (int)(((long)values.Length + bucketSize - 1) / bucketSize);
            float[] low = new float[buckets];
            float[] step = new float[buckets];
            BucketRanges.Find(values, low, step, bucketSize);
            BucketRanges.Steps(low, step);
            byte[] codes = new byte[values.Length / 2];
            FourBitBuckets.Quantize(values, codes, low, step, bucketSize);

            for (int i = 0; i < values.Length; i++)
            {
                int bucket = i / bucketSize;
                float level = step[bucket] > 0 ? ((values[i] - low[bucket]) / step[bucket]) + 0.5f : 0;
                int code = i % 2 == 0 ? codes[i / 2] >> 4 : codes[i / 2] & 15;
                Assert.Equal((int)Math.Clamp(level, 0, 15), code);
            }
        }
    }
}
