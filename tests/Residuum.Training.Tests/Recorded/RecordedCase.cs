using System.Reflection;
using System.Text.Json;

namespace Residuum.Training.Tests.Recorded;

/// <summary>
/// What record.py wrote about one layer: its inputs, its output, and the gradients of the sum of its outputs times some weights.
/// </summary>
internal sealed class RecordedCase
{
    private readonly JsonElement _root;
    private readonly Dictionary<string, Parameter> _inputs = [];

    public RecordedCase(string name)
    {
        string root = typeof(RecordedCase).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == "RepositoryRoot").Value!;
        string path = Path.Combine(root, "tests", "Residuum.Training.Tests", "Recorded", name + ".json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        _root = document.RootElement.Clone();
        foreach (JsonProperty input in _root.GetProperty("inputs").EnumerateObject())
        {
            Parameter parameter = new(input.Name, Shape(input.Value));
            Array.ConvertAll(Values(input.Value), value => (float)value).CopyTo(parameter.Values);
            _inputs.Add(input.Name, parameter);
        }
    }

    /// <summary>The inputs, as parameters so that each gets a gradient.</summary>
    public IReadOnlyDictionary<string, Parameter> Inputs => _inputs;

    /// <summary>The derivative of the loss by each entry of the output.</summary>
    public float[] Weights => Array.ConvertAll(Values(_root.GetProperty("weights")), value => (float)value);

    public int[] OutputShape => Shape(_root.GetProperty("output"));

    public double[] Output => Values(_root.GetProperty("output"));

    public double[] Gradient(string input) => Values(_root.GetProperty("gradients").GetProperty(input));

    public double[] Extra(string name) => Values(_root.GetProperty("extra").GetProperty(name));

    public int[] Integers(string name) =>
        [.. _root.GetProperty("integers").GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];

    private static int[] Shape(JsonElement tensor) => [.. tensor.GetProperty("shape").EnumerateArray().Select(value => value.GetInt32())];

    private static double[] Values(JsonElement tensor) =>
        [.. tensor.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
}
