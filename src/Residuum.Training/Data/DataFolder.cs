using System.Globalization;

namespace Residuum.Training.Data;

/// <summary>The folder of vendored data sets: the one that holds <c>MANIFEST.tsv</c>.</summary>
public sealed class DataFolder
{
    /// <summary>The environment variable that names a data folder.</summary>
    public const string Variable = "RESIDUUM_DATA";

    private const string Manifest = "MANIFEST.tsv";

    private DataFolder(string root) => Root = root;

    /// <summary>The folder's full path.</summary>
    public string Root { get; }

    /// <summary>The vendored subset of Fashion-MNIST.</summary>
    public string FashionMnist => PathOf("fashion-mnist");

    /// <summary>The definitions of WordNet in 45 classes.</summary>
    public string Glosses => PathOf("glosses");

    /// <summary>Finds the folder: the one named, else the one that <see cref="Variable"/> names, else <c>data</c> of the checkout that the
    /// program was built in.</summary>
    /// <param name="named">A folder that the user names, or null.</param>
    /// <exception cref="DirectoryNotFoundException">The first of the three that is set holds no <c>MANIFEST.tsv</c>, or none is set and
    /// there is no checkout.</exception>
    public static DataFolder Find(string? named = null)
    {
        if (named is not null)
        {
            return At(named, "that was named");
        }

        string? variable = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(variable))
        {
            return At(variable, $"that {Variable} names");
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "data");
            if (File.Exists(Path.Combine(candidate, Manifest)))
            {
                return new DataFolder(candidate);
            }
        }

        throw new DirectoryNotFoundException(
            $"No data folder was found above {AppContext.BaseDirectory}; run from a checkout of the repository or set {Variable}.");
    }

    /// <summary>The full path of a file or folder inside.</summary>
    /// <param name="relative">With forward slashes, as in <c>MANIFEST.tsv</c>.</param>
    public string PathOf(string relative) => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Reads <c>MANIFEST.tsv</c>: path, bytes, SHA-256, bytes and SHA-256 of the decompressed content; one header line.</summary>
    /// <exception cref="DataFormatException">A line has another form.</exception>
    public IReadOnlyList<ManifestEntry> ReadManifest()
    {
        string file = PathOf(Manifest);
        string[] lines = File.ReadAllLines(file);
        List<ManifestEntry> entries = [];
        for (int i = 1; i < lines.Length; i++)
        {
            string[] fields = lines[i].Split('\t');
            if (fields.Length != 5
                || !long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
                || !long.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out long contentBytes))
            {
                throw new DataFormatException(
                    file, $"line {i + 1}", "a line must be path, bytes, sha256, content_bytes, content_sha256 with tabs between.");
            }

            entries.Add(new ManifestEntry(fields[0], bytes, contentBytes, fields[4]));
        }

        return entries;
    }

    private static DataFolder At(string folder, string which) => File.Exists(Path.Combine(folder, Manifest))
        ? new DataFolder(Path.GetFullPath(folder))
        : throw new DirectoryNotFoundException($"The data folder {folder} {which} holds no {Manifest}.");
}
