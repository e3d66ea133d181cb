namespace Residuum.Training.Data;

/// <summary>A data set that the project knows by name.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Summary">What it holds, in a line.</param>
/// <param name="Licence">The licence's short name.</param>
/// <param name="LicenceFile">Where its text is, inside the data folder.</param>
/// <param name="Files">Its files; paths are inside the folder that holds the set.</param>
public sealed record DataSetEntry(string Name, string Summary, string Licence, string LicenceFile, IReadOnlyList<ManifestEntry> Files)
{
    /// <summary>Bytes of the files.</summary>
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>Bytes of their decompressed content.</summary>
    public long ContentBytes => Files.Sum(file => file.ContentBytes);
}
