using System.Globalization;
using Residuum.Optimizers;

namespace Residuum.Cli.Parsing;

/// <summary>
/// A text file of shapes: a line <c>name dimension dimension ...</c> per tensor; blank lines and those after # are skipped.
/// </summary>
internal static class ShapesFile
{
    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UsageException">A line is not of that form, or there is none.</exception>
    public static IReadOnlyList<ShapedParameter> Read(string path)
    {
        List<ShapedParameter> shapes = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string[] words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
            {
                shapes.Add(new ShapedParameter(words[0], [.. words.Skip(1).Select(word => Dimension(word, path, number))]));
            }
        }

        return shapes.Count > 0
            ? shapes
            : throw new UsageException($"The file {path} holds no shape; write a line 'name rows columns ...' per tensor.");
    }

    private static int Dimension(string word, string path, int line) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int dimension)
            ? dimension
            : throw new UsageException($"Line {line} of {path} has the dimension '{word}'; dimensions are whole numbers of at least 0.");
}
