namespace Residuum.Training.Data;

/// <summary>The data sets that the project knows: those vendored in the data folder, and those that a user can install beside
/// them.</summary>
public static class DataCatalogue
{
    /// <summary>The full Fashion-MNIST; sizes and checksums are those of Debian's package, whose content is the original's.</summary>
    public static DataSetEntry FullFashionMnist { get; } = new(
        "fashion-mnist-full",
        "60,000 + 10,000 images of 28 x 28, 10 classes",
        "MIT",
        "LICENSES/fashion-mnist.txt",
        [
            new("train-images-idx3-ubyte.gz", 26_421_856, 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            new("train-labels-idx1-ubyte.gz", 29_491, 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            new("t10k-images-idx3-ubyte.gz", 4_422_079, 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            new("t10k-labels-idx1-ubyte.gz", 5_125, 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        ]);

    /// <summary>The vendored sets, with the files that the manifest lists for them.</summary>
    /// <param name="folder">The data folder.</param>
    /// <exception cref="DataFormatException">The manifest has another form.</exception>
    public static IReadOnlyList<DataSetEntry> Vendored(DataFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        IReadOnlyList<ManifestEntry> manifest = folder.ReadManifest();
        return
        [
            Entry("fashion-mnist", "10,000 + 2,000 images of 28 x 28, 10 classes", "MIT", "fashion-mnist.txt", "fashion-mnist/"),
            Entry("sotu", "233 State of the Union addresses, 1790-2021, for language models", "CC0-1.0", "state-of-the-union.txt", "sotu/"),
            Entry("glosses", "117,659 definitions of WordNet in 45 classes", "WordNet-3.0", "wordnet.txt", "glosses/"),
            Entry("spam", "table, 4,601 rows of 57 features, 2 classes", "GPL-2", "GPL-2.txt", "tabular/spam."),
            Entry("dna", "table, 3,186 rows of 180 features, 2 classes", "GPL-2", "GPL-2.txt", "tabular/dna."),
            Entry("grants", "table, 8,190 rows of 1,824 features, 2 classes", "MIT", "modeldata.txt", "tabular/grants."),
            Entry("letter", "table, 20,000 rows of 16 features, 26 classes", "GPL-2", "GPL-2.txt", "tabular/letter."),
            Entry("gpt2-tokenizer", "byte-pair encoding of 50,257 tokens", "MIT", "openai-gpt-2.txt", "tokenizer/"),
        ];

        DataSetEntry Entry(string name, string summary, string licence, string licenceFile, string prefix) =>
            new(name, summary, licence, "LICENSES/" + licenceFile, FilesOf(prefix));

        ManifestEntry[] FilesOf(string prefix) => [.. manifest.Where(file => file.Path.StartsWith(prefix, StringComparison.Ordinal))];
    }
}
