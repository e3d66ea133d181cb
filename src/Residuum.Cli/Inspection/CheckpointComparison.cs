using System.Globalization;
using Residuum.Cli.Reports;
using Residuum.State;

namespace Residuum.Cli.Inspection;

/// <summary>The differences of two files, as lines.</summary>
internal static class CheckpointComparison
{
    /// <summary>Writes every difference.</summary>
    /// <returns>Whether both have the same tensors, bit for bit; metadata may differ.</returns>
    public static bool Write(SafetensorsFile first, SafetensorsFile second, TextWriter output)
    {
        output.WriteLine($"first:  {first.Path}");
        output.WriteLine($"second: {second.Path}");
        output.WriteLine();
        WriteMetadata(first, second, output);
        int same = 0;
        int different = 0;
        foreach (string name in first.Tensors.Concat(second.Tensors).Select(tensor => tensor.Name).Distinct().Order(StringComparer.Ordinal))
        {
            string? difference = Difference(first, second, name);
            if (difference is null)
            {
                same++;
            }
            else
            {
                different++;
                output.WriteLine($"{name}: {difference}");
            }
        }

        output.WriteLine(
            different == 0 ? $"all {same} tensors are the same bits" : $"{different} tensors differ, {same} are the same bits");
        return different == 0;
    }

    private static void WriteMetadata(SafetensorsFile first, SafetensorsFile second, TextWriter output)
    {
        foreach (string key in first.Metadata.Keys.Union(second.Metadata.Keys))
        {
            string? one = first.Metadata.GetValueOrDefault(key);
            string? other = second.Metadata.GetValueOrDefault(key);
            if (one != other)
            {
                output.WriteLine($"{key}: {Text(one)} / {Text(other)}");
            }
        }
    }

    private static string Text(string? text) => text is null ? "(not there)" : CheckpointListing.Shortened(text);

    private static string? Difference(SafetensorsFile first, SafetensorsFile second, string name)
    {
        TensorInfo? one = first.Find(name);
        TensorInfo? other = second.Find(name);
        if (one is null || other is null)
        {
            return one is null ? "only in the second" : "only in the first";
        }

        if (one.TypeName != other.TypeName || one.ShapeText != other.ShapeText)
        {
            return $"{one.TypeName} {one.ShapeText} / {other.TypeName} {other.ShapeText}";
        }

        TensorDifference difference = TensorDifference.Between(first, second, one);
        if (difference.Elements == 0)
        {
            return null;
        }

        string what = one.Type is ElementType type ? $"of {NumberText.Count(one.Bytes / type.ByteSize)} elements" : "bytes";
        string largest = difference.Largest is double value ? $", by at most {value.ToString("G6", CultureInfo.InvariantCulture)}" : "";
        return $"{NumberText.Count(difference.Elements)} {what} differ{largest}";
    }
}
