using Residuum.Optimizers;

namespace Residuum.Tests.Optimizers;

/// <summary>Laws of 8-bit AdamW (methods page of the baselines, section 4).</summary>
public sealed class Adam8BitTests
{
    private static readonly int[][] Shapes = [[20, 30], [700], []];

    [Fact]
    public void Tensors_below_the_size_are_AdamW_bit_for_bit() => Assert.Equal(
        Peers.Run(p => new AdamW(p), 5, false, Shapes),
        Peers.Run(p => new Adam8Bit(p, new Adam8BitOptions { MinQuantizedSize = 701 }), 5, false, Shapes));

    /// <summary>The weights move by the moments before they are quantized, so the first step is AdamW's.</summary>
    [Fact]
    public void The_first_step_is_AdamW_bit_for_bit() => Assert.Equal(
        Peers.Run(p => new AdamW(p), 1, false, Shapes),
        Peers.Run(p => new Adam8Bit(p, new Adam8BitOptions { MinQuantizedSize = 1 }), 1, false, Shapes));

    /// <summary>Blocks know nothing of each other: the rest of a tensor changes no bit of a block.</summary>
    [Theory]
    [InlineData(16)]
    [InlineData(100)]
    public void Blocks_are_independent(int blockSize)
    {
        Adam8BitOptions options = new() { BlockSize = blockSize, MinQuantizedSize = 1 };
        Parameter whole = new("whole", 5 * blockSize / 2);
        Parameter[] parts = [new("first", blockSize), new("second", blockSize), new("third", whole.Length - (2 * blockSize))];
        Adam8Bit together = new([whole], options);
        Adam8Bit apart = new(parts, options);
        for (int step = 0; step < 4; step++)
        {
            Gradients.Draw(whole, step);
            for (int i = 0; i < parts.Length; i++)
            {
                whole.Gradient.Slice(i * blockSize, parts[i].Length).CopyTo(parts[i].Gradient);
            }

            together.Step();
            apart.Step();
        }

        Assert.Equal(whole.Values.ToArray(), parts.SelectMany(part => part.Values.ToArray()));
    }

    /// <summary>
    /// Blocks of one tensor, coded one behind the other, and the same blocks as tensors of their own: the same weights and the same state,
    /// also where a block is 0, so small that its largest magnitude has no inverse, or full of entries halfway between two of the map.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(256)]
    [InlineData(600)]
    public void Blocks_that_are_coded_behind_the_next_have_the_same_bits(int blockSize)
    {
        const int Blocks = 9;
        Adam8BitOptions options = new() { BlockSize = blockSize, MinQuantizedSize = 1 };
        Parameter whole = new("whole", Blocks * blockSize);
        Parameter[] parts = [.. Enumerable.Range(0, Blocks).Select(i => new Parameter($"part{i}", blockSize))];
        Adam8Bit together = new([whole], options);
        Adam8Bit apart = new(parts, options);
        float[] scales = [1, 0, 1e-21f, 1e-40f, 1e15f, 1, float.Epsilon, 0, 3];
        for (int step = 0; step < 4; step++)
        {
            Gradients.Draw(whole, step);
            for (int i = 0; i < Blocks; i++)
            {
                Span<float> gradient = whole.Gradient.Span.Slice(i * blockSize, blockSize);
                for (int j = 0; j < blockSize; j++)
                {
                    gradient[j] = scales[i] * (i == 5 ? MathF.Round(16 * gradient[j]) / 16 : gradient[j]);
                }

                gradient.CopyTo(parts[i].Gradient.Span);
            }

            together.Step();
            apart.Step();
        }

        Assert.Equal(whole.Values.ToArray(), parts.SelectMany(part => part.Values.ToArray()));
        foreach (string field in (string[])["m_code", "m_absmax", "v_code", "v_absmax"])
        {
            Assert.Equal(
                Content(together, field),
                parts.SelectMany(part => Content(apart, $"{part.Name}.{field}")));
        }
    }

    [Theory]
    [InlineData(4096, 256, (2 * 4096) + (8 * 16))]
    [InlineData(4095, 256, 8 * 4095)]
    [InlineData(5000, 2048, (2 * 5000) + (8 * 3))]
    public void State_bytes_are_those_of_the_page(int length, int blockSize, long bytes) =>
        Assert.Equal(bytes, new Adam8Bit([new Parameter("w", length)], new Adam8BitOptions { BlockSize = blockSize }).StateBytes);

    private static byte[] Content(Adam8Bit optimizer, string name)
    {
        using MemoryStream content = new();
        optimizer.State.Single(field => field.Name.EndsWith(name, StringComparison.Ordinal)).Write(content);
        return content.ToArray();
    }
}
