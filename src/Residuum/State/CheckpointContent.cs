namespace Residuum.State;

/// <summary>
/// What a checkpoint consists of: named tensors that live somewhere and texts about them. The same list writes a checkpoint and takes one
/// back, so nothing can be saved that is not loaded.
/// </summary>
public sealed class CheckpointContent
{
    private readonly Dictionary<string, StateField> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly List<string> _ignored = [];
    private readonly List<Func<IReadOnlyDictionary<string, string>, IEnumerable<string>>> _checks = [];
    private readonly List<Action<IReadOnlyDictionary<string, string>>> _restores = [];

    internal IReadOnlyDictionary<string, StateField> Tensors => _tensors;

    /// <summary>The tensors as <see cref="Checkpoint.Save"/> writes them, one after the other.</summary>
    internal IEnumerable<StateField> InFileOrder => SafetensorsWriter
        .InFileOrder(_tensors, tensor => (tensor.Value.Spec.Type.SafetensorsName, tensor.Key)).Select(tensor => tensor.Value);

    internal IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>Adds a tensor under its field's name.</summary>
    /// <param name="field">What to write and where to read it back to.</param>
    /// <param name="prefix">What is put before the name, for example <c>optim.</c>; empty by default.</param>
    /// <exception cref="ArgumentException">The name is there already.</exception>
    public void Add(StateField field, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(field);
        if (!_tensors.TryAdd(prefix + field.Name, field))
        {
            throw new ArgumentException($"The checkpoint already has a tensor '{prefix + field.Name}'.", nameof(field));
        }
    }

    /// <summary>Adds a parameter's values as <c>model.NAME</c>.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <exception cref="ArgumentException">The name is there already.</exception>
    public void Add(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        long[] shape = [.. parameter.Shape.ToArray().Select(dimension => (long)dimension)];
        Add(StateField.Of("model", new FieldSpec(parameter.Name, ElementType.F32, shape), parameter.Values));
    }

    /// <summary>Adds a text to the metadata, for readers; loading does not look at it.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The key is there already.</exception>
    public void Describe(string key, string text)
    {
        if (!_texts.TryAdd(key, text))
        {
            throw new ArgumentException($"The checkpoint already has the metadata '{key}'.", nameof(key));
        }
    }

    /// <summary>Adds a text to the metadata that must be the same in a checkpoint that is loaded.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The key is there already.</exception>
    public void Require(string key, string text)
    {
        Describe(key, text);
        Check(file => file.GetValueOrDefault(key) is var there && there == text
            ? []
            : [$"{key} is {Quoted(there)} in the checkpoint, but {Quoted(text)} here"]);
    }

    /// <summary>Adds a comparison of a file's metadata with what it is loaded into.</summary>
    /// <param name="differences">From the file's metadata, a sentence for each difference that forbids loading.</param>
    public void Check(Func<IReadOnlyDictionary<string, string>, IEnumerable<string>> differences) => _checks.Add(differences);

    /// <summary>Adds something to be done with a file's metadata when all is checked and all tensors are loaded.</summary>
    /// <param name="restore">What to do.</param>
    public void Restore(Action<IReadOnlyDictionary<string, string>> restore) => _restores.Add(restore);

    /// <summary>
    /// When loading, passes over tensors of a file that are not asked for, if their names begin so: to take only the model, say.
    /// </summary>
    /// <param name="prefix">The beginning of the names; empty for all.</param>
    public void Ignore(string prefix) => _ignored.Add(prefix);

    /// <summary>All that forbids loading a file, a sentence each.</summary>
    internal List<string> Differences(SafetensorsFile file)
    {
        List<string> differences = [.. _checks.SelectMany(check => check(file.Metadata))];
        foreach ((string name, StateField field) in _tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            TensorInfo? tensor = file.Find(name);
            if (tensor is null)
            {
                differences.Add($"{name} is missing in the checkpoint");
                continue;
            }

            // The file's element type wins; another one is never converted in passing.
            bool sameType = tensor.Type == field.Spec.Type;
            bool sameShape = tensor.Shape.SequenceEqual(field.Spec.Shape);
            if (!sameType)
            {
                differences.Add($"{name} is of type {tensor.TypeName} in the checkpoint, but {field.Spec.Type.SafetensorsName} here");
            }

            if (!sameShape)
            {
                differences.Add(
                    $"{name} has the shape {tensor.ShapeText} in the checkpoint, but [{string.Join(',', field.Spec.Shape)}] here");
            }

            if (sameType && sameShape)
            {
                using Stream stream = file.OpenTensor(name);
                if (field.Check(stream) is string wrong)
                {
                    differences.Add($"{name} {wrong}");
                }
            }
        }

        differences.AddRange(file.Tensors
            .Where(tensor => !_tensors.ContainsKey(tensor.Name))
            .Where(tensor => !_ignored.Exists(prefix => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)))
            .Select(tensor => $"{tensor.Name} is in the checkpoint, but not here"));
        return differences;
    }

    /// <summary>Takes the tensors in the order of the file, one after the other, then does what is to be done with the metadata.</summary>
    internal void Take(SafetensorsFile file)
    {
        foreach (TensorInfo tensor in file.Tensors)
        {
            if (_tensors.TryGetValue(tensor.Name, out StateField? field))
            {
                using Stream stream = file.OpenTensor(tensor.Name);
                field.Read(stream);
            }
        }

        foreach (Action<IReadOnlyDictionary<string, string>> restore in _restores)
        {
            restore(file.Metadata);
        }
    }

    private static string Quoted(string? text) => text is null ? "not given" : $"'{text}'";
}
