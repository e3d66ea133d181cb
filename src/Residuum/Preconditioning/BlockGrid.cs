namespace Residuum.Preconditioning;

/// <summary>A tensor's axes, merged, and its cut into blocks: the cartesian product of each axis' chunks, the last one shorter.</summary>
internal sealed class BlockGrid
{
    private readonly int[] _axes;

    /// <summary>Cuts a tensor.</summary>
    /// <param name="axes">Its axes.</param>
    /// <param name="blockSize">The longest chunk; 0 to cut nothing.</param>
    public BlockGrid(int[] axes, int blockSize)
    {
        _axes = axes;
        int longest = blockSize > 0 ? blockSize : int.MaxValue;
        int[] chunks = [.. axes.Select(axis => (int)(((long)axis + longest - 1) / longest))];
        Block[] blocks = new Block[Product(chunks)];
        int[] position = new int[axes.Length];
        for (int i = 0; i < blocks.Length; i++)
        {
            int[] starts = [.. position.Select(chunk => chunk * longest)];
            blocks[i] = new Block(starts, [.. starts.Select((start, axis) => Math.Min(longest, axes[axis] - start))]);
            for (int axis = axes.Length - 1; axis >= 0 && ++position[axis] == chunks[axis]; axis--)
            {
                position[axis] = 0;
            }
        }

        Blocks = blocks;
    }

    /// <summary>The number of axes.</summary>
    public int Axes => _axes.Length;

    /// <summary>The blocks, the last axis running fastest.</summary>
    public Block[] Blocks { get; }

    /// <summary>Merges neighbouring axes while their product is small, and drops axes of length 1 (page, section 5.2).</summary>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="largest">The largest product; up to 1 only axes of length 1 are dropped.</param>
    /// <param name="fromRight">Whether to walk from the last axis to the first.</param>
    public static int[] Merge(ReadOnlySpan<int> shape, int largest, bool fromRight)
    {
        List<int> merged = [];
        long product = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            int axis = shape[fromRight ? shape.Length - 1 - i : i];
            if (product * axis <= largest)
            {
                product *= axis;
                continue;
            }

            Emit();
            product = axis;
        }

        Emit();
        if (fromRight)
        {
            merged.Reverse();
        }

        return [.. merged];

        void Emit()
        {
            if (product > 1)
            {
                merged.Add((int)product);
            }
        }
    }

    /// <summary>Copies a block out of the tensor, so that its entries follow each other.</summary>
    public void Gather(ReadOnlySpan<float> tensor, Block block, Span<float> target)
    {
        int line = block.Lengths[^1];
        for (int i = 0; i < block.Length / line; i++)
        {
            tensor.Slice(LineStart(block, i), line).CopyTo(target[(i * line)..]);
        }
    }

    /// <summary>Copies a block back into the tensor.</summary>
    public void Scatter(ReadOnlySpan<float> source, Block block, Span<float> tensor)
    {
        int line = block.Lengths[^1];
        for (int i = 0; i < block.Length / line; i++)
        {
            source.Slice(i * line, line).CopyTo(tensor[LineStart(block, i)..]);
        }
    }

    /// <summary>The product of lengths; 1 of none.</summary>
    public static int Product(ReadOnlySpan<int> lengths)
    {
        int product = 1;
        foreach (int length in lengths)
        {
            product *= length;
        }

        return product;
    }

    // Where the block's line of a number starts in the tensor; lines run along the last axis.
    private int LineStart(Block block, int line)
    {
        int last = _axes.Length - 1;
        int start = block.Starts[last];
        int stride = _axes[last];
        for (int axis = last - 1; axis >= 0; axis--)
        {
            start += (block.Starts[axis] + line % block.Lengths[axis]) * stride;
            line /= block.Lengths[axis];
            stride *= _axes[axis];
        }

        return start;
    }
}
