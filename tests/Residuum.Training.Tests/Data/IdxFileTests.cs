using System.Buffers.Binary;
using Residuum.Training.Data;

namespace Residuum.Training.Tests.Data;

/// <summary>Every way an IDX file can be wrong has its own sentence and place.</summary>
public sealed class IdxFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Plain_and_gzip_are_read_alike(bool gzip)
    {
        using TemporaryFolder folder = new();
        byte[] content = [.. Words(0x803, 2, 1, 3), 1, 2, 3, 4, 5, 6];
        IdxImages images = IdxFile.ReadImages(folder.Write("x", gzip ? TemporaryFolder.Gzip(content) : content));
        Assert.Equal((2, 1, 3), (images.Count, images.Rows, images.Columns));
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 6 }, images.Pixels);
    }

    public static TheoryData<string, byte[], string, string> HostileImages => new()
    {
        { "empty", [], "byte 0", "magic number" },
        { "half a word", [0, 0], "byte 2", "magic number" },
        { "magic of labels", [.. Words(0x801, 2), 1, 2], "byte 0", "0x00000803" },
        { "magic in little-endian order", [3, 8, 0, 0, .. Words(1, 1, 1), 0], "byte 0", "0x03080000" },
        { "no sizes", Words(0x803, 2), "byte 8", "number of rows" },
        { "no images", Words(0x803, 0, 28, 28), "byte 4", "number of images is 0" },
        { "no columns", Words(0x803, 1, 28, 0), "byte 12", "number of columns is 0" },
        { "negative count", Words(0x803, 0xFFFFFFFF, 1, 1), "byte 4", "4294967295" },
        { "product beyond 64 bits", Words(0x803, 0x7FFFFFFF, 0x7FFFFFFF, 0x7FFFFFFF), "byte 4", "fit one array" },
        { "two gigabytes that are not there", [.. Words(0x803, 2_000_000, 28, 28), 1, 2, 3], "byte 19", "before the end of the images" },
        { "one byte short", [.. Words(0x803, 1, 2, 2), 1, 2, 3], "byte 19", "1 bytes before the end" },
        { "one byte too many", [.. Words(0x803, 1, 2, 2), 1, 2, 3, 4, 5], "byte 20", "goes on" },
    };

    [Theory]
    [MemberData(nameof(HostileImages))]
    public void A_hostile_file_of_images_is_refused_with_its_place(string name, byte[] content, string position, string problem)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write(name, content);
        DataFormatException exception = Assert.Throws<DataFormatException>(() => IdxFile.ReadImages(file));
        Assert.Equal((file, position), (exception.File, exception.Position));
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_out_of_range_is_refused_with_its_place()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("labels", [.. Words(0x801, 3), 0, 10, 9]);
        DataFormatException exception = Assert.Throws<DataFormatException>(() => IdxFile.ReadLabels(file, 10));
        Assert.Equal("byte 9", exception.Position);
        Assert.Contains("label 1 is 10; it must be from 0 to 9", exception.Message, StringComparison.Ordinal);
        Assert.Equal(new byte[] { 0, 10, 9 }, IdxFile.ReadLabels(file, 11));
    }

    [Fact]
    public void A_gzip_file_cut_anywhere_is_refused()
    {
        using TemporaryFolder folder = new();
        byte[] whole = TemporaryFolder.Gzip([.. Words(0x801, 64), .. Enumerable.Range(0, 64).Select(i => (byte)(i * 37 % 10))]);
        for (int length = 2; length < whole.Length; length++)
        {
            string file = folder.Write("labels.gz", whole[..length]);
            Assert.Throws<DataFormatException>(() => IdxFile.ReadLabels(file, 10));
        }
    }

    [Fact]
    public void A_gzip_file_with_a_flipped_bit_is_refused()
    {
        using TemporaryFolder folder = new();
        byte[] whole = TemporaryFolder.Gzip([.. Words(0x801, 64), .. Enumerable.Range(0, 64).Select(i => (byte)(i * 37 % 10))]);
        for (int i = 10; i < whole.Length; i++)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 4;
            string file = folder.Write("labels.gz", damaged);
            Assert.Throws<DataFormatException>(() => IdxFile.ReadLabels(file, 10));
        }
    }

    [Fact]
    public void A_name_that_promises_gzip_must_hold_gzip()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("labels.gz", [.. Words(0x801, 1), 1]);
        Assert.Contains("1F 8B", Assert.Throws<DataFormatException>(() => IdxFile.ReadLabels(file, 10)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_another_number_than_images_are_refused()
    {
        using TemporaryFolder folder = new();
        string images = folder.Write("images", [.. Words(0x803, 2, 1, 1), 7, 8]);
        string labels = folder.Write("labels", [.. Words(0x801, 3), 0, 1, 2]);
        DataFormatException exception = Assert.Throws<DataFormatException>(() => FashionMnist.LoadPair(images, labels));
        Assert.Contains("3 labels for the 2 images", exception.Message, StringComparison.Ordinal);
    }

    private static byte[] Words(params uint[] words)
    {
        byte[] bytes = new byte[4 * words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * i), words[i]);
        }

        return bytes;
    }
}
