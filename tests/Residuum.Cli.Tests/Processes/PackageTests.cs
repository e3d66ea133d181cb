using System.IO.Compression;

namespace Residuum.Cli.Tests.Processes;

/// <summary>What <c>dotnet pack</c> makes.</summary>
public sealed class PackageTests
{
    private const long LargestBytes = 3_000_000;

    [Fact]
    public void Pack_gives_four_packages_with_a_read_me_each_and_without_data()
    {
        string folder = Directory.CreateTempSubdirectory("residuum-test-").FullName;
        try
        {
            string configuration = AppContext.BaseDirectory.Contains("release", StringComparison.OrdinalIgnoreCase) ? "Release" : "Debug";
            (int exitCode, string output) = ToolProcess.Sdk("pack", "Residuum.slnx", "--no-build", "-c", configuration, "-o", folder, "--nologo", "-v", "quiet");
            Assert.True(exitCode == 0, output);

            string[] packages = [.. Directory.GetFiles(folder, "*.nupkg").Order(StringComparer.Ordinal)];
            Assert.Equal(["Residuum", "Residuum.Cli", "Residuum.Distributed", "Residuum.Training"], packages.Select(NameOf).Order(StringComparer.Ordinal));
            Assert.All(packages, CheckContent);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void CheckContent(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        Assert.InRange(new FileInfo(package).Length, 1, LargestBytes);
        Assert.Equal(File.ReadAllText(Path.Combine(ToolProcess.RepositoryRoot, "src", NameOf(package), "PACKAGE.md")), Text(archive.GetEntry("README.md")!));
        Assert.Contains("<license type=\"expression\">MIT</license>", Text(archive.GetEntry($"{NameOf(package)}.nuspec")!), StringComparison.Ordinal);
        Assert.DoesNotContain(archive.Entries, entry =>
            entry.FullName.StartsWith("data/", StringComparison.Ordinal)
            || entry.Name.EndsWith(".gz", StringComparison.Ordinal)
            || entry.Name.EndsWith(".tsv", StringComparison.Ordinal)
            || entry.Name.EndsWith(".libsvm", StringComparison.Ordinal));
    }

    // Residuum.Cli.0.1.0.nupkg: the name is what stands before the version's first digit.
    private static string NameOf(string package) =>
        string.Join('.', Path.GetFileNameWithoutExtension(package).Split('.').TakeWhile(part => !char.IsAsciiDigit(part[0])));

    private static string Text(ZipArchiveEntry entry)
    {
        using StreamReader reader = new(entry.Open());
        return reader.ReadToEnd();
    }
}
