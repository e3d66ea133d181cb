using Residuum.Numerics;
using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>What a tensor's shape and options say about its blocks, its state and its scratch.</summary>
internal sealed class KroneckerLayout
{
    // The matrix of an axis in double must be one array.
    private const int LongestAxis = 16_000;

    private readonly int[] _shape;
    private readonly KroneckerOptions _options;

    /// <summary>Lays out a tensor.</summary>
    /// <exception cref="ArgumentException">An axis that is not cut is too long for its second moments.</exception>
    public KroneckerLayout(string name, ReadOnlySpan<int> shape, KroneckerOptions options)
    {
        _shape = shape.ToArray();
        _options = options;
        Length = TensorShape.ElementCount(shape, name);
        int[] axes = Length == 0 || options.Skips(shape)
            ? []
            : BlockGrid.Merge(shape, options.MergeDims, options.MergeFrom == MergeFrom.Right);
        Grid = axes.Length == 0 ? null : new BlockGrid(axes, options.BlockSize);
        foreach (int axis in axes.Where(axis => (options.BlockSize == 0 ? axis : Math.Min(axis, options.BlockSize)) > LongestAxis))
        {
            throw new ArgumentException(
                $"The parameter '{name}' of shape {TensorShape.Format(shape)} has an axis of {axis} after merging; "
                    + $"the second moments of an axis of more than {LongestAxis} cannot be kept: set blockSize.",
                nameof(shape));
        }
    }

    /// <summary>The number of entries.</summary>
    public int Length { get; }

    /// <summary>The blocks, or null for a tensor that takes the grafting update itself.</summary>
    public BlockGrid? Grid { get; }

    /// <summary>Whether there are several blocks, which are copied out one by one.</summary>
    public bool IsCut => Grid is { Blocks.Length: > 1 };

    /// <summary>The entries of the largest block; 0 of none. It is the first: only the last chunks are shorter.</summary>
    public int BlockLength => Grid is null ? 0 : Grid.Blocks[0].Length;

    /// <summary>Whether the grafting update has a second moment.</summary>
    public bool HasGraftingMoment => _options.Grafting is Grafting.Rmsprop or Grafting.Adagrad or Grafting.Adam;

    /// <summary>Whether there is a momentum.</summary>
    public bool HasMomentum => _options.Momentum > 0;

    /// <summary>The bytes of scratch that a factor's update takes, a copy of the block included.</summary>
    public long FactorScratchBytes
    {
        get
        {
            long bytes = 0;
            for (int axis = 0; axis < (Grid?.Axes ?? 0); axis++)
            {
                Block block = Grid!.Blocks[0];
                bytes = Math.Max(bytes, _options.FactorScratchBytes(block.Lengths[axis], block.Length / block.Lengths[axis]));
            }

            return bytes + (IsCut ? ScratchArea.BytesOf<float>(BlockLength) : 0);
        }
    }

    /// <summary>The fields of state, in the order in which they are entered.</summary>
    public IEnumerable<FieldSpec> Fields()
    {
        long[] dimensions = FieldSpec.Dimensions(_shape);
        if (HasGraftingMoment)
        {
            yield return new("v", ElementType.F32, dimensions);
        }

        if (HasMomentum)
        {
            foreach (FieldSpec field in MomentumMemory.Fields(_shape, _options.BitsOfMomentum, _options.KeepsMomentumError))
            {
                yield return field;
            }
        }

        for (int block = 0; block < (Grid?.Blocks.Length ?? 0); block++)
        {
            for (int axis = 0; axis < Grid!.Axes; axis++)
            {
                foreach (FieldSpec field in _options.FactorFields(Grid.Blocks[block].Lengths[axis], $"block{block}.axis{axis}."))
                {
                    yield return field;
                }
            }
        }

        yield return new("step", ElementType.I64);
    }
}
