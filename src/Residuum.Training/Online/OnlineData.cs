using Residuum.Training.Data;

namespace Residuum.Training.Online;

/// <summary>A file of labelled rows that can be streamed any number of times, and its size.</summary>
public sealed class OnlineData
{
    private const string ImagesPart = "-images-idx3-";
    private const string LabelsPart = "-labels-idx1-";

    private readonly Func<IRowStream> _open;

    private OnlineData(string file, Func<IRowStream> open, long? rows)
    {
        _open = open;
        using IRowStream stream = open();
        while (Rows < (rows ?? long.MaxValue) && stream.Read())
        {
            Rows++;
            Features = stream.Indices.IsEmpty ? Features : Math.Max(Features, stream.Indices[^1] + 1);
        }

        if (Rows == 0)
        {
            throw new DataFormatException(file, "its end", "there is no row");
        }
    }

    /// <summary>How many rows.</summary>
    public long Rows { get; }

    /// <summary>How many features: the largest index that occurs, from 1.</summary>
    public int Features { get; }

    /// <summary>Goes through a file once to learn its size; nothing of it is kept.</summary>
    /// <param name="file">
    /// In LIBSVM format, plain or gzip; or images in IDX format (NAME-images-idx3-ubyte), with their labels beside them.
    /// </param>
    /// <param name="rows">How many rows to take from the beginning; null for all.</param>
    /// <exception cref="DataFormatException">The file is not of the format, or has no row.</exception>
    public static OnlineData Open(string file, long? rows = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        string name = Path.GetFileName(file);
        if (!name.Contains(ImagesPart, StringComparison.Ordinal))
        {
            return new OnlineData(file, () => new LibsvmReader(file), rows);
        }

        string labels = Path.Combine(Path.GetDirectoryName(file) ?? "", name.Replace(ImagesPart, LabelsPart, StringComparison.Ordinal));
        ImageSet images = FashionMnist.LoadPair(file, labels);
        return new OnlineData(file, () => new ImageRows(images), rows);
    }

    /// <summary>Starts from the first row again.</summary>
    internal IRowStream Start() => _open();
}
