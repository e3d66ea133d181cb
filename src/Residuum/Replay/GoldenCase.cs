using System.Text.Json;

namespace Residuum.Replay;

/// <summary>A recorded trajectory: starting parameters, gradients, and the parameters expected after every step.</summary>
/// <remarks>
/// The format is that of <c>tests/golden/README.md</c>. Numbers are read as double and rounded once to float32; hyperparameters stay text.
/// </remarks>
internal sealed class GoldenCase
{
    private static readonly string[] CaseKeys =
        ["name", "method", "source", "description", "workers", "hyperparameters", "parameters", "steps", "tolerance"];
    private static readonly string[] ParameterKeys = ["name", "shape", "initial", "options"];
    private static readonly string[] StepKeys = ["hyperparameters", "clearError", "gradients", "expected", "sketch", "trace"];

    private GoldenCase(JsonElement root)
    {
        RequireKnown(root, CaseKeys, "case");
        Name = Text(root, "name");
        Method = Text(root, "method");
        Workers = root.TryGetProperty("workers", out JsonElement workers) ? workers.GetInt32() : null;
        Hyperparameters = Options(root, "hyperparameters");
        Parameters = [.. Member(root, "parameters").EnumerateArray().Select(element => new GoldenParameter(element))];
        Steps = [.. Member(root, "steps").EnumerateArray().Select(element => new GoldenStep(element, Workers))];
        JsonElement tolerance = Member(root, "tolerance");
        Relative = Member(tolerance, "relative").GetDouble();
        Absolute = Member(tolerance, "absolute").GetDouble();
    }

    public string Name { get; }

    public string Method { get; }

    public int? Workers { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Hyperparameters { get; }

    public IReadOnlyList<GoldenParameter> Parameters { get; }

    public IReadOnlyList<GoldenStep> Steps { get; }

    public double Relative { get; }

    public double Absolute { get; }

    /// <summary>Reads a case.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="FormatException">The case lacks a member or has one that is not known.</exception>
    public static GoldenCase Parse(Stream json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        try
        {
            return new GoldenCase(document.RootElement);
        }
        catch (InvalidOperationException exception)
        {
            // The document's accessors throw this for a value of another kind than asked for.
            throw new FormatException($"A member of the case has the wrong type: {exception.Message}", exception);
        }
    }

    private static List<KeyValuePair<string, string>> Options(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement options)
            ? [.. options.EnumerateObject().Select(member => new KeyValuePair<string, string>(member.Name, ValueText(member.Value)))]
            : [];

    private static string ValueText(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement member) ? member : throw new FormatException($"The case lacks the member '{name}'.");

    private static string Text(JsonElement parent, string name) =>
        Member(parent, name).GetString() ?? throw new FormatException($"The member '{name}' is null; it must be text.");

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(number => (float)number.GetDouble())];

    private static void RequireKnown(JsonElement element, string[] known, string where)
    {
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                throw new FormatException($"The {where} has the unknown member '{member.Name}'; known are {string.Join(", ", known)}.");
            }
        }
    }

    /// <summary>A parameter of a case.</summary>
    internal sealed class GoldenParameter
    {
        public GoldenParameter(JsonElement element)
        {
            RequireKnown(element, ParameterKeys, "parameter");
            Name = Text(element, "name");
            Shape = [.. Member(element, "shape").EnumerateArray().Select(dimension => dimension.GetInt32())];
            Initial = Floats(Member(element, "initial"));
            Overrides = Options(element, "options");
        }

        public string Name { get; }

        public int[] Shape { get; }

        public float[] Initial { get; }

        public IReadOnlyList<KeyValuePair<string, string>> Overrides { get; }
    }

    /// <summary>A step of a case.</summary>
    internal sealed class GoldenStep
    {
        public GoldenStep(JsonElement element, int? workers)
        {
            RequireKnown(element, StepKeys, "step");
            Overrides = Options(element, "hyperparameters");
            ClearsError = element.TryGetProperty("clearError", out JsonElement clear) && clear.GetBoolean();
            Sketches = element.TryGetProperty("sketch", out JsonElement sketches)
                ? sketches.EnumerateObject()
                    .ToDictionary(member => member.Name, member => GoldenSketch.Blocks(member.Value), StringComparer.Ordinal)
                : [];
            JsonElement gradients = Member(element, "gradients");
            WorkerGradients = workers is null ? [Tensors(gradients)] : [.. gradients.EnumerateArray().Select(Tensors)];
            if (WorkerGradients.Count != (workers ?? 1))
            {
                throw new FormatException($"A step has the gradients of {WorkerGradients.Count} workers; there are {workers}.");
            }

            Expected = Tensors(Member(element, "expected"));
        }

        public IReadOnlyList<KeyValuePair<string, string>> Overrides { get; }

        public bool ClearsError { get; }

        /// <summary>By parameter the sketches expected after the step: for every block one for every axis. Usually none.</summary>
        public Dictionary<string, GoldenSketch[][]> Sketches { get; }

        /// <summary>The gradients of each worker, in rank order; of one where the case has no workers.</summary>
        public IReadOnlyList<Dictionary<string, float[]>> WorkerGradients { get; }

        public Dictionary<string, float[]> Expected { get; }

        private static Dictionary<string, float[]> Tensors(JsonElement element) =>
            element.EnumerateObject().ToDictionary(member => member.Name, member => Floats(member.Value), StringComparer.Ordinal);
    }
}
