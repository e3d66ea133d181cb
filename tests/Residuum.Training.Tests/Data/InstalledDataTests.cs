using System.Security.Cryptography;
using Residuum.Training.Data;

namespace Residuum.Training.Tests.Data;

public sealed class InstalledDataTests
{
    private static readonly byte[] Content = [1, 2, 3];

    private static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(Content));

    private static readonly DataSetEntry Set = new("tiny", "", "MIT", "", [new("a.gz", 0, 3, Hash), new("b", 0, 3, Hash)]);

    [Fact]
    public void A_set_is_checked_copied_and_replaced()
    {
        using TemporaryFolder source = new();
        using TemporaryFolder target = new();
        source.Write("a.gz", TemporaryFolder.Gzip(Content));
        string file = source.Write("b", Content);
        InstalledData installed = new(Path.Combine(target.Root, "new"));
        Assert.False(installed.Holds(Set));
        string place = installed.Install(Set, source.Root);
        Assert.True(installed.Holds(Set));
        Assert.All(Set.Files, entry => Assert.Null(entry.Verify(place)));
        // A second time, from one of the files.
        Assert.Equal(place, installed.Install(Set, file));
        Assert.Equal([place], Directory.GetFileSystemEntries(installed.Root));
    }

    [Fact]
    public void Another_content_or_a_missing_file_installs_nothing()
    {
        using TemporaryFolder source = new();
        using TemporaryFolder target = new();
        InstalledData installed = new(target.Root);
        source.Write("a.gz", TemporaryFolder.Gzip(Content));
        Assert.Contains("does not hold b", Assert.Throws<FileNotFoundException>(() => installed.Install(Set, source.Root)).Message,
            StringComparison.Ordinal);
        source.Write("b", [1, 2, 4]);
        Assert.Contains("b has content", Assert.Throws<InvalidDataException>(() => installed.Install(Set, source.Root)).Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(target.Root));
    }

    [Fact]
    public void A_path_means_itself_and_a_set_that_is_not_installed_is_explained()
    {
        using TemporaryFolder target = new();
        InstalledData installed = new(target.Root);
        Assert.Equal(target.Root, installed.Resolve(target.Root));
        FileNotFoundException exception = Assert.Throws<FileNotFoundException>(() => installed.Resolve("fashion-mnist-full"));
        Assert.Contains("residuum data install", exception.Message, StringComparison.Ordinal);
        Assert.Contains("no file or folder", Assert.Throws<FileNotFoundException>(() => installed.Resolve("nowhere")).Message,
            StringComparison.Ordinal);
    }
}
