using Residuum.Training.Data;

namespace Residuum.Training.Tests.Data;

public sealed class DataFolderTests
{
    [Fact]
    public void Every_vendored_file_agrees_with_the_manifest()
    {
        IReadOnlyList<ManifestEntry> entries = Vendored.Folder.ReadManifest();
        Assert.Equal(23, entries.Count);
        Assert.All(entries, entry => Assert.Null(entry.Verify(Vendored.Folder.Root)));
    }

    [Fact]
    public void A_changed_or_missing_file_is_named()
    {
        using TemporaryFolder folder = new();
        string hash = new('0', 64);
        folder.Write("MANIFEST.tsv",
            $"path\tbytes\tsha256\tcontent_bytes\tcontent_sha256\na.txt\t1\t{hash}\t1\t{hash}\nb.txt\t1\t{hash}\t1\t{hash}\n");
        folder.Write("a.txt", "x");
        DataFolder data = DataFolder.Find(folder.Root);
        IReadOnlyList<ManifestEntry> entries = data.ReadManifest();
        Assert.Contains("a.txt has content with SHA-256 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
            entries[0].Verify(data.Root), StringComparison.Ordinal);
        Assert.Equal("b.txt is missing.", entries[1].Verify(data.Root));
    }

    [Fact]
    public void A_manifest_line_of_another_form_is_refused()
    {
        using TemporaryFolder folder = new();
        folder.Write("MANIFEST.tsv", "path\tbytes\na.txt\tone\n");
        Assert.Equal("line 2", Assert.Throws<DataFormatException>(() => DataFolder.Find(folder.Root).ReadManifest()).Position);
    }

    [Fact]
    public void The_checkout_is_found_from_where_the_program_is() => Assert.Equal(Vendored.Folder.Root, DataFolder.Find().Root);

    [Fact]
    public void A_named_folder_without_a_manifest_is_refused()
    {
        using TemporaryFolder folder = new();
        Assert.Contains(folder.Root, Assert.Throws<DirectoryNotFoundException>(() => DataFolder.Find(folder.Root)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_but_licences_and_tables_of_columns_belongs_to_one_vendored_set()
    {
        IReadOnlyList<DataSetEntry> sets = DataCatalogue.Vendored(Vendored.Folder);
        string[] files = [.. sets.SelectMany(set => set.Files).Select(file => file.Path)];
        string[] others = ["tabular/features.tsv", "tabular/sets.tsv"];
        string[] expected = [.. Vendored.Folder.ReadManifest().Select(file => file.Path)
            .Where(path => !path.StartsWith("LICENSES/", StringComparison.Ordinal)).Except(others)];
        Assert.Equal(expected.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
        Assert.All(sets, set => Assert.True(File.Exists(Vendored.Folder.PathOf(set.LicenceFile)), set.LicenceFile));
    }
}
