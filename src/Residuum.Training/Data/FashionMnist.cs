namespace Residuum.Training.Data;

/// <summary>Fashion-MNIST (arXiv:1708.07747), or any data set of the same four IDX files: grey images in 10 classes.</summary>
public sealed class FashionMnist
{
    /// <summary>How many classes.</summary>
    public const int Classes = 10;

    /// <summary>The mean of pixel/255 over the vendored training images.</summary>
    public const double Mean = 0.286682;

    /// <summary>The standard deviation of pixel/255 over the vendored training images.</summary>
    public const double Deviation = 0.354013;

    /// <summary>Where Debian's package <c>dataset-fashion-mnist</c> puts the full set of 60,000 and 10,000 images.</summary>
    public const string DebianFolder = "/usr/share/datasets/fashion-mnist";

    private FashionMnist(ImageSet train, ImageSet test)
    {
        Train = train;
        Test = test;
    }

    /// <summary>All training images: 10,000 in the vendored subset.</summary>
    public ImageSet Train { get; }

    /// <summary>The test images: 2,000 in the vendored subset.</summary>
    public ImageSet Test { get; }

    /// <summary>The parts for choosing a rate: the first nine tenths of the training images (9,000) to train on, the last tenth (1,000) to
    /// validate.</summary>
    public DataSplit<ImageSet> Search
    {
        get
        {
            int validation = Math.Max(1, Train.Count / 10);
            int train = Train.Count - validation;
            return new DataSplit<ImageSet>(Train.Slice(0, train), Train.Slice(train, validation), Test);
        }
    }

    /// <summary>Reads the four files under their original names, with or without <c>.gz</c>.</summary>
    /// <param name="folder">The folder that holds them.</param>
    /// <exception cref="FileNotFoundException">One of the four is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged, or images and labels do not belong together.</exception>
    public static FashionMnist Load(string folder)
    {
        ImageSet train = LoadPart(folder, "train");
        ImageSet test = LoadPart(folder, "t10k");
        if ((train.Rows, train.Columns) != (test.Rows, test.Columns))
        {
            throw new DataFormatException(Find(folder, "t10k-images-idx3-ubyte"), "byte 8",
                $"the test images are {test.Rows} x {test.Columns} but the training images are {train.Rows} x {train.Columns}.");
        }

        return new FashionMnist(train, test);
    }

    /// <summary>Reads images of the user's: a folder with the four files, or one IDX pair split by position.</summary>
    /// <remarks>
    /// The labels of <c>NAME-images-idx3-ubyte[.gz]</c> are <c>NAME-labels-idx1-ubyte[.gz]</c> beside it. Of a pair the last tenth is for
    /// test. The rows are taken as they come, so they must be mixed.
    /// </remarks>
    /// <param name="path">The folder, or the file of images.</param>
    /// <exception cref="ArgumentException">The file's name does not contain <c>images-idx3</c>, so that of its labels is
    /// unknown.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged, or there are fewer than three images.</exception>
    public static FashionMnist LoadOwn(string path)
    {
        if (Directory.Exists(path))
        {
            return Load(path);
        }

        string name = Path.GetFileName(path);
        string labels = name.Replace("images-idx3", "labels-idx1", StringComparison.Ordinal);
        if (labels == name)
        {
            throw new ArgumentException(
                $"The file {name} must be named NAME-images-idx3-ubyte, so that its labels are found in NAME-labels-idx1-ubyte.",
                nameof(path));
        }

        ImageSet all = LoadPair(path, Path.Combine(Path.GetDirectoryName(path) ?? "", labels));
        int test = Math.Max(1, all.Count / 10);
        return all.Count >= 3
            ? new FashionMnist(all.Slice(0, all.Count - test), all.Slice(all.Count - test, test))
            : throw new DataFormatException(path, "byte 4", $"there are {all.Count} images; training, validation and test need one each.");
    }

    /// <summary>Reads one IDX pair, standardised as the vendored set is.</summary>
    /// <param name="imagesFile">The images, plain or gzip.</param>
    /// <param name="labelsFile">Their labels, plain or gzip.</param>
    /// <exception cref="DataFormatException">A file is damaged, or images and labels do not belong together.</exception>
    public static ImageSet LoadPair(string imagesFile, string labelsFile)
    {
        IdxImages images = IdxFile.ReadImages(imagesFile);
        byte[] labels = IdxFile.ReadLabels(labelsFile, Classes);
        return labels.Length == images.Count
            ? new ImageSet(images, labels, Classes, Mean, Deviation)
            : throw new DataFormatException(
                labelsFile, "byte 4", $"there are {labels.Length} labels for the {images.Count} images of {imagesFile}.");
    }

    private static ImageSet LoadPart(string folder, string part) =>
        LoadPair(Find(folder, part + "-images-idx3-ubyte"), Find(folder, part + "-labels-idx1-ubyte"));

    private static string Find(string folder, string name)
    {
        string plain = Path.Combine(folder, name);
        string compressed = plain + ".gz";
        return File.Exists(plain) ? plain
            : File.Exists(compressed) ? compressed
            : throw new FileNotFoundException(
                $"The folder {folder} holds neither {name} nor {name}.gz, one of the four files of Fashion-MNIST.", compressed);
    }
}
