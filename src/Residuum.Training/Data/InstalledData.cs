namespace Residuum.Training.Data;

/// <summary>The user's own folder of installed data sets: <c>residuum/data</c> in the folder for application data (on Linux
/// <c>~/.local/share</c>).</summary>
public sealed class InstalledData
{
    /// <summary>Names the folder.</summary>
    /// <param name="root">The folder, or null for the user's own.</param>
    public InstalledData(string? root = null) =>
        Root = root ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "residuum",
            "data");

    /// <summary>The folder; it need not exist.</summary>
    public string Root { get; }

    /// <summary>Where a set is or would be.</summary>
    /// <param name="set">The set.</param>
    public string PathOf(DataSetEntry set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return Path.Combine(Root, set.Name);
    }

    /// <summary>Whether all files of a set are there.</summary>
    /// <param name="set">The set.</param>
    public bool Holds(DataSetEntry set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.Files.All(file => File.Exists(Path.Combine(PathOf(set), file.Path)));
    }

    /// <summary>Checks a set's files in a folder and copies them into <see cref="Root"/>; an earlier copy is replaced only after the new
    /// one is complete.</summary>
    /// <param name="set">The set.</param>
    /// <param name="source">The folder that holds its files under their names, or one of those files.</param>
    /// <returns>Where the set is now.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file has another content than the set's.</exception>
    public string Install(DataSetEntry set, string source)
    {
        ArgumentNullException.ThrowIfNull(set);
        string folder = File.Exists(source) ? Path.GetDirectoryName(Path.GetFullPath(source))! : source;
        foreach (ManifestEntry file in set.Files)
        {
            if (!File.Exists(Path.Combine(folder, file.Path)))
            {
                throw new FileNotFoundException(
                    $"The folder {folder} does not hold {file.Path}, one of the {set.Files.Count} files of {set.Name}.");
            }

            if (file.Verify(folder) is string difference)
            {
                throw new InvalidDataException($"{difference} Nothing was installed; '--data' takes data of your own.");
            }
        }

        string target = PathOf(set);
        string incomplete = target + ".incomplete";
        Directory.CreateDirectory(incomplete);
        foreach (ManifestEntry file in set.Files)
        {
            File.Copy(Path.Combine(folder, file.Path), Path.Combine(incomplete, file.Path), overwrite: true);
        }

        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        Directory.Move(incomplete, target);
        return target;
    }

    /// <summary>What <c>--data</c> means: a path that exists is itself; the name of an installed set is its folder.</summary>
    /// <param name="data">The option's value.</param>
    /// <exception cref="FileNotFoundException">It is neither.</exception>
    public string Resolve(string data)
    {
        if (Path.Exists(data))
        {
            return data;
        }

        DataSetEntry full = DataCatalogue.FullFashionMnist;
        return data == full.Name && Holds(full)
            ? PathOf(full)
            : throw new FileNotFoundException(data == full.Name
                ? $"The data set {data} is not installed; 'residuum data install {data}' does that."
                : $"There is no file or folder {data}.");
    }
}
