using Residuum.Training.Data;

namespace Residuum.Training.Tests.Data;

/// <summary>Counts, sums and labels that data/README.md states.</summary>
public sealed class FashionMnistTests
{
    private static readonly FashionMnist Data = FashionMnist.Load(Vendored.Folder.FashionMnist);

    [Fact]
    public void Counts_and_shapes_are_the_documented_ones()
    {
        Assert.Equal((10_000, 28, 28, 10), (Data.Train.Count, Data.Train.Rows, Data.Train.Columns, Data.Train.Classes));
        Assert.Equal((2_000, 784), (Data.Test.Count, Data.Test.Width));
        Assert.Equal(9_000, Data.Search.Train.Count);
        Assert.Equal(1_000, Data.Search.Validation.Count);
        Assert.Same(Data.Test, Data.Search.Test);
    }

    [Fact]
    public void Sums_of_pixel_bytes_are_the_documented_ones()
    {
        Assert.Equal(573_133_949, Sum(Data.Train.Pixels));
        Assert.Equal(114_072_606, Sum(Data.Test.Pixels));
    }

    [Fact]
    public void Labels_begin_as_documented_and_are_balanced()
    {
        Assert.Equal(new byte[] { 9, 0, 0, 3, 0, 2, 7, 2, 5, 5 }, Data.Train.Labels[..10].ToArray());
        Assert.Equal(new byte[] { 9, 2, 1, 1, 6, 1, 4, 6, 5, 7 }, Data.Test.Labels[..10].ToArray());
        for (byte c = 0; c < 10; c++)
        {
            Assert.Equal(1_000, Data.Train.Labels.Count(c));
            Assert.Equal(200, Data.Test.Labels.Count(c));
        }
    }

    [Fact]
    public void Features_have_mean_zero_and_deviation_one_over_the_training_images()
    {
        int[] rows = [.. Enumerable.Range(0, Data.Train.Count)];
        float[] features = new float[rows.Length * 784];
        Data.Train.CopyBatch(rows, features, new int[rows.Length]);
        double sum = 0;
        double squares = 0;
        foreach (float x in features)
        {
            sum += x;
            squares += (double)x * x;
        }

        // The constants have six digits: the mean is right to 5e-7 / 0.354 and the deviation to as much.
        Assert.InRange(sum / features.Length, -2e-6, 2e-6);
        Assert.InRange(Math.Sqrt(squares / features.Length), 1 - 2e-6, 1 + 2e-6);
    }

    [Fact]
    public void A_batch_holds_the_chosen_images_standardised_with_their_labels()
    {
        ImageSet part = Data.Search.Validation;
        float[] features = new float[2 * 784];
        int[] labels = new int[2];
        part.CopyBatch([999, 3], features, labels);
        for (int x = 0; x < 784; x++)
        {
            Assert.Equal((float)(((Data.Train.Pixels[(9_999 * 784) + x] / 255.0) - 0.286682) / 0.354013), features[x]);
            Assert.Equal((float)(((Data.Train.Pixels[(9_003 * 784) + x] / 255.0) - 0.286682) / 0.354013), features[784 + x]);
        }

        Assert.Equal([Data.Train.Labels[9_999], Data.Train.Labels[9_003]], labels);
    }

    [Fact]
    public void A_batch_of_wrong_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => Data.Train.CopyBatch([0, 1], new float[784], new int[2]));

    [Fact]
    public void A_folder_without_the_files_is_named()
    {
        using TemporaryFolder folder = new();
        FileNotFoundException exception = Assert.Throws<FileNotFoundException>(() => FashionMnist.Load(folder.Root));
        Assert.Contains(folder.Root, exception.Message, StringComparison.Ordinal);
        Assert.Contains("train-images-idx3-ubyte", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_own_pair_is_split_by_position()
    {
        using TemporaryFolder folder = new();
        byte[] pixels = [.. Enumerable.Range(0, 30).Select(i => (byte)i)];
        string images = folder.Write("mine-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 30, 0, 0, 0, 1, 0, 0, 0, 1, .. pixels]);
        folder.Write("mine-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 30, .. pixels.Select(p => (byte)(p % 10))]);
        FashionMnist own = FashionMnist.LoadOwn(images);
        Assert.Equal(pixels[..27], own.Train.Pixels.ToArray());
        Assert.Equal(pixels[27..], own.Test.Pixels.ToArray());
        Assert.Equal((25, 2), (own.Search.Train.Count, own.Search.Validation.Count));
        Assert.Throws<ArgumentException>(() => FashionMnist.LoadOwn(folder.Write("mine", [1])));
    }

    [Fact]
    public void An_own_folder_is_read_as_the_vendored_one() =>
        Assert.Equal(Data.Test.Pixels.ToArray(), FashionMnist.LoadOwn(Vendored.Folder.FashionMnist).Test.Pixels.ToArray());

    private static long Sum(ReadOnlySpan<byte> bytes)
    {
        long sum = 0;
        foreach (byte b in bytes)
        {
            sum += b;
        }

        return sum;
    }
}
