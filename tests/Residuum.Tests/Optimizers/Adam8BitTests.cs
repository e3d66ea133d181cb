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

    [Theory]
    [InlineData(4096, 256, (2 * 4096) + (8 * 16))]
    [InlineData(4095, 256, 8 * 4095)]
    [InlineData(5000, 2048, (2 * 5000) + (8 * 3))]
    public void State_bytes_are_those_of_the_page(int length, int blockSize, long bytes) =>
        Assert.Equal(bytes, new Adam8Bit([new Parameter("w", length)], new Adam8BitOptions { BlockSize = blockSize }).StateBytes);
}
