using Residuum.Compression;
using Residuum.ErrorMemory;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>
/// A momentum in float32, or in 8 bits an entry (<see cref="DynamicMap.Signed"/>, blocks of 256), where asked with what the 8 bits could
/// not hold in 4 bits more.
/// </summary>
internal sealed class MomentumMemory
{
    /// <summary>Entries that must stay together in a piece of work.</summary>
    public const int BlockSize = 256;

    private const string Name = "momentum";
    private const int ErrorBucketSize = 64;

    private readonly float[] _dense;
    private readonly EightBitVector? _eightBit;
    private readonly FourBitErrorMemory? _error;

    /// <summary>A momentum of zeros.</summary>
    /// <param name="length">The tensor's entries.</param>
    /// <param name="bits">32 or 8.</param>
    /// <param name="keepsError">Whether the rounding of the 8 bits is kept.</param>
    public MomentumMemory(int length, int bits, bool keepsError)
    {
        _dense = new float[bits == 32 ? length : 0];
        _eightBit = bits == 32 ? null : new EightBitVector(length, BlockSize, DynamicMap.Signed);
        _error = keepsError ? new FourBitErrorMemory(length, ErrorBucketSize, RangeStorage.Bfloat16, StateArena.Apart) : null;
    }

    /// <summary>
    /// The state: <c>momentum</c>; or <c>momentum_code</c> and <c>momentum_absmax</c>, and with the error <c>error_code</c>,
    /// <c>error_low</c> and <c>error_high</c>.
    /// </summary>
    public static IEnumerable<FieldSpec> Fields(ReadOnlySpan<int> shape, int bits, bool keepsError)
    {
        if (bits == 32)
        {
            return [new FieldSpec(Name, ElementType.F32, FieldSpec.Dimensions(shape))];
        }

        int length = TensorShape.ElementCount(shape, Name);
        return
        [
            .. EightBitVector.Fields(Name, shape, BlockSize),
            .. keepsError ? FourBitErrorMemory.Fields(length, ErrorBucketSize, RangeStorage.Bfloat16) : [],
        ];
    }

    /// <summary>The live state.</summary>
    public IEnumerable<StateField> State(Parameter owner) => _eightBit is null
        ? [StateField.Of(owner.Name, Fields(owner.Shape, bits: 32, keepsError: false).Single(), _dense.AsMemory())]
        : [.. _eightBit.State(owner, Name), .. _error?.State(owner.Name) ?? []];

    /// <summary>The momentum of a part of the tensor.</summary>
    /// <param name="m">Takes it.</param>
    /// <param name="start">The part's first entry, where a block begins.</param>
    public void Read(Span<float> m, int start)
    {
        if (_eightBit is null)
        {
            _dense.AsSpan(start, m.Length).CopyTo(m);
            return;
        }

        _eightBit.Read(m, start);
        _error?.AddTo(m, m, start);
    }

    /// <summary>Keeps the momentum of a part of the tensor.</summary>
    /// <param name="m">The momentum; used up.</param>
    /// <param name="start">The part's first entry, where a block begins.</param>
    /// <param name="spare">As many entries, holding nothing.</param>
    public void Write(Span<float> m, int start, Span<float> spare)
    {
        if (_eightBit is null)
        {
            m.CopyTo(_dense.AsSpan(start));
            return;
        }

        _eightBit.Write(m, start);
        if (_error is not null)
        {
            _eightBit.Read(spare, start);
            VectorKernels.MultiplyAdd(m, -1, spare, m);
            _error.Update(m, start);
        }
    }
}
