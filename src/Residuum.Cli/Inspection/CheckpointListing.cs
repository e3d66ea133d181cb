using Residuum.Cli.Reports;
using Residuum.State;

namespace Residuum.Cli.Inspection;

/// <summary>What is in a safetensors file, as lines: its metadata, every tensor, and the bytes of each kind of tensor.</summary>
internal static class CheckpointListing
{
    // Whole JSON texts stay readable in a terminal when long ones are cut.
    private const int LongestText = 400;

    /// <summary>Whether the file says that it is a checkpoint of this library.</summary>
    public static bool IsCheckpoint(SafetensorsFile file) => file.Metadata.GetValueOrDefault("format") == "residuum";

    /// <summary>Writes the listing of a file that was verified.</summary>
    public static void Write(SafetensorsFile file, TextWriter output)
    {
        output.WriteLine(IsCheckpoint(file)
            ? $"{file.Path}: a checkpoint, whole: its checksum agrees"
            : $"{file.Path}: a well-formed safetensors file, not a checkpoint of Residuum; it has no checksum to verify");
        output.WriteLine();
        foreach ((string key, string text) in file.Metadata)
        {
            output.WriteLine($"{key}: {Shortened(text)}");
        }

        output.WriteLine();
        int nameWidth = file.Tensors.Select(tensor => tensor.Name.Length).DefaultIfEmpty().Max();
        int shapeWidth = file.Tensors.Select(tensor => tensor.ShapeText.Length).DefaultIfEmpty().Max();
        foreach (TensorInfo tensor in file.Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            string name = tensor.Name.PadRight(nameWidth);
            string shape = tensor.ShapeText.PadRight(shapeWidth);
            output.WriteLine($"{name}  {tensor.TypeName,-5}  {shape}  {NumberText.Count(tensor.Bytes),15}{Value(file, tensor)}");
        }

        output.WriteLine();
        foreach (IGrouping<string, TensorInfo> kind in file.Tensors.GroupBy(Kind).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{kind.Key}: {kind.Count()} tensors, {NumberText.Count(kind.Sum(tensor => tensor.Bytes))} bytes");
        }

        output.WriteLine($"all: {file.Tensors.Count} tensors, {NumberText.Count(file.Tensors.Sum(tensor => tensor.Bytes))} bytes");
    }

    /// <summary>Text without what could move a terminal's cursor, cut when it is long.</summary>
    public static string Shortened(string text)
    {
        string plain = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return plain.Length <= LongestText ? plain : $"{plain[..LongestText]}... ({plain.Length} characters)";
    }

    /// <summary>Model, optimizer, trainer and the like: what stands before the name's first dot.</summary>
    private static string Kind(TensorInfo tensor)
    {
        int dot = tensor.Name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? "(no prefix)" : tensor.Name[..dot];
    }

    /// <summary>Counters are worth seeing.</summary>
    private static string Value(SafetensorsFile file, TensorInfo tensor)
    {
        if (tensor.Type != ElementType.I64 || tensor.Shape.Count > 0)
        {
            return "";
        }

        Span<long> value = stackalloc long[1];
        file.Read(tensor.Name, ElementType.I64, value);
        return $"  = {NumberText.Count(value[0])}";
    }
}
