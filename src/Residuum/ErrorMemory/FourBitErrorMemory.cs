using Residuum.Numerics;
using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>The error in 4 bits an entry, with the range of every bucket (methods page of MicroAdam, section 5).</summary>
/// <remarks>
/// A bucket stores its exact minimum lo and maximum hi and, of each entry, which of the 16 levels lo + code * (hi - lo) / 15 is nearest.
/// 0.5 bytes an entry and 4 (bfloat16) or 8 (float32) a bucket.
/// </remarks>
internal sealed class FourBitErrorMemory : ErrorMemory
{
    // Ranges are unpacked to the stack, so many buckets at a time.
    private const int BucketsAtOnce = 256;

    private readonly int _bucketSize;
    private readonly int _stride;
    private readonly FieldSpec _codeField;
    private readonly Memory<byte> _codes;
    private readonly BucketEnds _low;
    private readonly BucketEnds _high;

    public FourBitErrorMemory(int length, int bucketSize, RangeStorage ranges, StateArena arena)
    {
        FieldSpec[] fields = [.. Fields(length, bucketSize, ranges)];
        _codeField = fields[0];
        _bucketSize = bucketSize;
        _stride = (int)Math.Min((long)BucketsAtOnce * bucketSize, int.MaxValue);
        _codes = arena.Take<byte>(fields[0]);
        _low = new BucketEnds(fields[1], ranges, arena);
        _high = new BucketEnds(fields[2], ranges, arena);
    }

    public override int Granule => _bucketSize;

    /// <summary>
    /// The fields: <c>error_code</c> (two entries a byte, the even one in the high half), <c>error_low</c>, <c>error_high</c>.
    /// </summary>
    public static IEnumerable<FieldSpec> Fields(int length, int bucketSize, RangeStorage ranges)
    {
        ElementType type = ranges == RangeStorage.Float32 ? ElementType.F32 : ElementType.BF16;
        int buckets = Buckets(length, bucketSize);
        return [new("error_code", ElementType.U8, Bytes(length)), new("error_low", type, buckets), new("error_high", type, buckets)];
    }

    public override IEnumerable<StateField> State(string owner) =>
        [StateField.Of(owner, _codeField, _codes), _low.State(owner), _high.State(owner)];

    public override void AddTo(ReadOnlySpan<float> gradient, Span<float> corrected, int start) => Dequantize(gradient, corrected, start);

    public override void Request(int start, int length)
    {
        CacheLine.RequestFirst<byte>(Codes(start, length));
        _low.Request(start / _bucketSize, Buckets(length, _bucketSize));
        _high.Request(start / _bucketSize, Buckets(length, _bucketSize));
    }

    public override void Read(Span<float> error, int start) => Dequantize([], error, start);

    public override void Update(ReadOnlySpan<float> rest, int start) => Update(rest, start, []);

    public override void Update(ReadOnlySpan<float> rest, int start, ReadOnlySpan<float> ahead)
    {
        Span<float> lowEnds = stackalloc float[BucketsAtOnce];
        Span<float> highEnds = stackalloc float[BucketsAtOnce];
        for (long done = 0; done < rest.Length; done += _stride)
        {
            ReadOnlySpan<float> part = rest[(int)done..(int)Math.Min(rest.Length, done + _stride)];
            int first = (start + (int)done) / _bucketSize;
            Span<float> low = lowEnds[..Buckets(part.Length, _bucketSize)];
            Span<float> high = highEnds[..low.Length];
            BucketRanges.Find(part, low, high, _bucketSize);

            // Quantize with the range as it is stored (5.2).
            _low.StoreDown(first, low);
            _high.StoreUp(first, high);
            BucketRanges.Steps(low, high);
            FourBitBuckets.Quantize(
                part, Codes(start + (int)done, part.Length), low, high, _bucketSize, ahead[(int)Math.Min(done, ahead.Length)..]);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The levels scale with the ends of the range, so the codes stay (page, 8.1).</remarks>
    public override void Scale(float factor, int start, int length)
    {
        Span<float> allEnds = stackalloc float[BucketsAtOnce];
        int end = (start / _bucketSize) + Buckets(length, _bucketSize);
        for (int bucket = start / _bucketSize; bucket < end; bucket += BucketsAtOnce)
        {
            Span<float> ends = allEnds[..Math.Min(BucketsAtOnce, end - bucket)];
            _low.Read(bucket, ends);
            VectorKernels.Scale(ends, factor);
            _low.StoreDown(bucket, ends);
            _high.Read(bucket, ends);
            VectorKernels.Scale(ends, factor);
            _high.StoreUp(bucket, ends);
        }
    }

    public override void Clear()
    {
        _codes.Span.Clear();
        _low.Clear();
        _high.Clear();
    }

    private static int Buckets(int length, int bucketSize) => (int)(((long)length + bucketSize - 1) / bucketSize);

    private static int Bytes(int length) => (int)(((long)length + 1) / 2);

    private void Dequantize(ReadOnlySpan<float> term, Span<float> result, int start)
    {
        Span<float> lowEnds = stackalloc float[BucketsAtOnce];
        Span<float> steps = stackalloc float[BucketsAtOnce];
        for (long done = 0; done < result.Length; done += _stride)
        {
            Range range = (int)done..(int)Math.Min(result.Length, done + _stride);
            Span<float> part = result[range];
            int first = (start + (int)done) / _bucketSize;
            Span<float> low = lowEnds[..Buckets(part.Length, _bucketSize)];
            Span<float> step = steps[..low.Length];
            _low.Read(first, low);
            _high.Read(first, step);
            BucketRanges.Steps(low, step);
            ReadOnlySpan<float> partOfTerm = term.IsEmpty ? [] : term[range];
            FourBitBuckets.AddDequantized(partOfTerm, part, Codes(start + (int)done, part.Length), low, step, _bucketSize);
        }
    }

    private Span<byte> Codes(int start, int length) => _codes.Span.Slice(start / 2, Bytes(length));
}
