using System.CommandLine;
using System.Globalization;
using Residuum.Training.Data;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum data</c>: which data sets are there, and installing one from files the user has. Nothing is fetched from a
/// network.</summary>
internal static class DataVerb
{
    /// <summary>The verb.</summary>
    public static Command Create() =>
        new("data", "List the data sets, or install one from files you have.") { CreateList(), CreateInstall() };

    private static Command CreateList()
    {
        Command verb = new("list", "Every data set: size, licence, place, and whether its content is what it must be.");
        verb.SetAction(parse => List(parse.InvocationConfiguration.Output));
        return verb;
    }

    private static Command CreateInstall()
    {
        Argument<string> name = new("name") { Description = "The data set: " + DataCatalogue.FullFashionMnist.Name + "." };
        Option<string?> from = new("--from")
        {
            Description = $"The folder that holds its files, or one of them (default: {FashionMnist.DebianFolder}, from Debian's package).",
            HelpName = "FILE",
        };
        Command verb = new("install", "Check a data set's files and copy them to your data folder.") { name, from };
        verb.SetAction(parse => Install(parse.GetRequiredValue(name), parse.GetValue(from), parse.InvocationConfiguration.Output));
        return verb;
    }

    private static int List(TextWriter output)
    {
        DataFolder folder = DataFolder.Find();
        InstalledData installed = new();
        bool allFine = true;
        output.WriteLine($"vendored in {folder.Root}");
        foreach (DataSetEntry set in DataCatalogue.Vendored(folder))
        {
            allFine &= WriteSet(set, folder.Root, output);
        }

        DataSetEntry full = DataCatalogue.FullFashionMnist;
        output.WriteLine();
        output.WriteLine($"installed in {installed.Root}");
        if (installed.Holds(full))
        {
            allFine &= WriteSet(full, installed.PathOf(full), output);
        }
        else
        {
            WriteRow(full, $"not installed; 'residuum data install {full.Name}' does that", output);
        }

        return allFine ? ExitCode.Fine : ExitCode.Failure;
    }

    private static bool WriteSet(DataSetEntry set, string folder, TextWriter output)
    {
        string[] differences = [.. set.Files.Select(file => file.Verify(folder)).OfType<string>()];
        WriteRow(set, differences.Length == 0 ? "verified" : "DIFFERS", output);
        foreach (string difference in differences)
        {
            output.WriteLine($"    {difference}");
        }

        return differences.Length == 0;
    }

    private static void WriteRow(DataSetEntry set, string state, TextWriter output) =>
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {set.Name,-18} {set.Bytes / 1e6,6:F2} MB  {set.Licence,-11}  {set.Summary}  ({state})"));

    private static int Install(string name, string? from, TextWriter output)
    {
        DataSetEntry set = DataCatalogue.FullFashionMnist;
        if (name != set.Name)
        {
            throw new UsageException(DataCatalogue.Vendored(DataFolder.Find()).Any(vendored => vendored.Name == name)
                ? $"The data set {name} comes with the repository; only {set.Name} is installed."
                : NearestName.Explain("data set", name, [set.Name]));
        }

        if (from is null && !Directory.Exists(FashionMnist.DebianFolder))
        {
            throw new UsageException(
                "Name the folder that holds the four files by --from, or install Debian's package dataset-fashion-mnist, "
                + $"which puts them in {FashionMnist.DebianFolder}.");
        }

        string place = new InstalledData().Install(set, from ?? FashionMnist.DebianFolder);
        output.WriteLine($"{set.Name} is verified and installed in {place}; use it by '--data {set.Name}'.");
        return ExitCode.Fine;
    }
}
