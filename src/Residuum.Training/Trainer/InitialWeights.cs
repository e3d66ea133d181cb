using Residuum.State;
using Residuum.Training.Layers;

namespace Residuum.Training.Trainer;

/// <summary>Starts a model from the weights in a safetensors file: fine-tuning.</summary>
public static class InitialWeights
{
    private const string ModelPrefix = "model.";

    /// <summary>Takes over all weights and buffers, or changes nothing.</summary>
    /// <param name="file">A safetensors file of F32, F16 or BF16; of a checkpoint of this library only <c>model.*</c> is taken.</param>
    /// <param name="model">Where they go.</param>
    /// <param name="renames">Names in the file and what they are here; a name that ends with a dot renames all names that begin so.</param>
    /// <exception cref="InitialWeightsException">A tensor is missing, left over, or of another shape; the message lists them.</exception>
    /// <exception cref="SafetensorsException">The file is malformed.</exception>
    public static void Load(string file, Layer model, IReadOnlyList<KeyValuePair<string, string>> renames)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(renames);
        using SafetensorsFile source = SafetensorsFile.Open(file);
        bool own = source.Metadata.GetValueOrDefault("format") == "residuum";
        Dictionary<string, TensorInfo> found = new(StringComparer.Ordinal);
        List<string> twice = [];
        foreach (TensorInfo tensor in source.Tensors.Where(tensor => !own || tensor.Name.StartsWith(ModelPrefix, StringComparison.Ordinal)))
        {
            string name = Renamed(own ? tensor.Name[ModelPrefix.Length..] : tensor.Name, renames);
            if (!found.TryAdd(name, tensor))
            {
                twice.Add($"{name} is the name of both {found[name].Name} and {tensor.Name} of the file");
            }
        }

        (string Name, int[] Shape, Memory<float> Values)[] wanted =
        [
            .. model.Parameters.Select(parameter => (parameter.Name, parameter.Shape.ToArray(), parameter.Values)),
            .. model.Buffers.Select(buffer => (buffer.Name, buffer.Shape.ToArray(), buffer.Values)),
        ];
        string[] leftOver = [.. found.Keys.Except(wanted.Select(target => target.Name), StringComparer.Ordinal)];
        string[] differences =
        [
            .. wanted.Select(target => Difference(target.Name, target.Shape, found.GetValueOrDefault(target.Name))).OfType<string>(),
            .. leftOver.Select(name => $"{name} is in the file, but not in the model"),
            .. twice,
        ];
        if (differences.Length > 0)
        {
            throw new InitialWeightsException(file, differences);
        }

        foreach ((string name, int[] _, Memory<float> values) in wanted)
        {
            source.ReadAsFloat32(found[name].Name, values.Span);
        }
    }

    private static string Renamed(string name, IReadOnlyList<KeyValuePair<string, string>> renames)
    {
        foreach ((string from, string to) in renames)
        {
            if (name == from)
            {
                return to;
            }

            if (from.EndsWith('.') && name.StartsWith(from, StringComparison.Ordinal))
            {
                return to + name[from.Length..];
            }
        }

        return name;
    }

    private static string? Difference(string name, int[] shape, TensorInfo? tensor)
    {
        if (tensor is null)
        {
            return $"{name} is missing in the file";
        }

        if (tensor.Type is not (ElementType.F32 or ElementType.F16 or ElementType.BF16))
        {
            return $"{name} is of type {tensor.TypeName} in the file; weights must be F32, F16 or BF16";
        }

        return tensor.Shape.SequenceEqual(shape.Select(dimension => (long)dimension))
            ? null
            : $"{name} has the shape {tensor.ShapeText} in the file, but {TensorShape.Format(shape)} in the model";
    }
}
