using System.Buffers.Binary;

namespace Residuum.Training.Data;

/// <summary>Readers of the IDX format of the MNIST family: big-endian 32-bit words (magic, sizes), then one byte per element; plain or
/// gzip.</summary>
public static class IdxFile
{
    private const uint ImagesMagic = 0x00000803;
    private const uint LabelsMagic = 0x00000801;

    /// <summary>Reads images: magic 0x00000803, count, rows, columns, then count x rows x columns bytes in row-major order.</summary>
    /// <param name="file">The file, plain or gzip.</param>
    /// <exception cref="DataFormatException">Wrong magic, a size of 0 or too large, fewer or more bytes than the sizes say, damaged
    /// gzip.</exception>
    public static IdxImages ReadImages(string file)
    {
        using DataReader reader = new(file);
        ReadMagic(reader, ImagesMagic, "images");
        int count = ReadSize(reader, "the number of images");
        int rows = ReadSize(reader, "the number of rows");
        int columns = ReadSize(reader, "the number of columns");
        // Each factor is below 2^31, so two of them fit 64 bits and the third is checked.
        Int128 length = (Int128)count * rows * columns;
        if (length > DataReader.LongestContent)
        {
            throw reader.Wrong(
                4, $"{count} images of {rows} x {columns} bytes are more than the {DataReader.LongestContent} bytes that fit one array.");
        }

        return new IdxImages(count, rows, columns, ReadBody(reader, (int)length, "the images"));
    }

    /// <summary>Reads labels: magic 0x00000801, count, then count bytes.</summary>
    /// <param name="file">The file, plain or gzip.</param>
    /// <param name="classes">How many classes there are: a label must be from 0 to <paramref name="classes"/> - 1.</param>
    /// <exception cref="DataFormatException">Wrong magic, count 0, a label out of range, fewer or more bytes than the count says, damaged
    /// gzip.</exception>
    public static byte[] ReadLabels(string file, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        using DataReader reader = new(file);
        ReadMagic(reader, LabelsMagic, "labels");
        int count = ReadSize(reader, "the number of labels");
        byte[] labels = ReadBody(reader, count, "the labels");
        int wrong = labels.AsSpan().IndexOfAnyInRange((byte)Math.Min(classes, 256), byte.MaxValue);
        if (classes < 256 && wrong >= 0)
        {
            throw reader.Wrong(8 + wrong, $"label {wrong} is {labels[wrong]}; it must be from 0 to {classes - 1}.");
        }

        return labels;
    }

    private static void ReadMagic(DataReader reader, uint expected, string kind)
    {
        uint magic = ReadWord(reader, "the magic number");
        if (magic != expected)
        {
            throw reader.Wrong(0, $"the magic number is 0x{magic:X8}; an IDX file of {kind} begins with 0x{expected:X8}.");
        }
    }

    private static int ReadSize(DataReader reader, string what)
    {
        long start = reader.Position;
        uint size = ReadWord(reader, what);
        return size is > 0 and <= int.MaxValue
            ? (int)size
            : throw reader.Wrong(start, $"{what} is {size}; it must be from 1 to {int.MaxValue}.");
    }

    private static uint ReadWord(DataReader reader, string what)
    {
        Span<byte> word = stackalloc byte[4];
        reader.ReadExactly(word, what);
        return BinaryPrimitives.ReadUInt32BigEndian(word);
    }

    /// <summary>Grows with what the file really holds, so that a false size cannot make the reader allocate for it.</summary>
    private static byte[] ReadBody(DataReader reader, int length, string what)
    {
        const int Portion = 1 << 24;
        byte[] body = new byte[Math.Min(length, Portion)];
        int done = 0;
        while (true)
        {
            reader.ReadExactly(body.AsSpan(done), what);
            done = body.Length;
            if (done == length)
            {
                reader.ExpectEnd(what);
                return body;
            }

            Array.Resize(ref body, (int)Math.Min(length, 2L * done));
        }
    }
}
