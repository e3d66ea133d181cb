using Residuum.State;
using Residuum.Training.Layers;

namespace Residuum.Training.Trainer;

/// <summary>The model inside a checkpoint: parameters and buffers, all as <c>model.NAME</c>.</summary>
public static class ModelCheckpoint
{
    /// <summary>The beginning of the names.</summary>
    public const string Prefix = "model.";

    /// <summary>Puts a model's tensors into a checkpoint's content.</summary>
    /// <param name="content">Where to.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">A name is there already.</exception>
    public static void Add(CheckpointContent content, Layer model)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(model);
        foreach (Parameter parameter in model.Parameters)
        {
            content.Add(parameter);
        }

        foreach (LayerBuffer buffer in model.Buffers)
        {
            long[] shape = [.. buffer.Shape.ToArray().Select(dimension => (long)dimension)];
            content.Add(StateField.Of("model", new FieldSpec(buffer.Name, ElementType.F32, shape), buffer.Values));
        }
    }

    /// <summary>Takes the model out of a checkpoint and nothing else: neither the optimizer's state nor the trainer's.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">Where its values go; it must have the same tensors.</param>
    /// <exception cref="CheckpointException">The file is damaged or no checkpoint, or its model is another one; the message says all differences.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void Load(string path, Layer model)
    {
        CheckpointContent content = new();
        Add(content, model);
        foreach (string name in OtherTensors(path))
        {
            content.Ignore(name);
        }

        Checkpoint.Load(path, content);
    }

    private static string[] OtherTensors(string path)
    {
        using SafetensorsFile file = Checkpoint.OpenVerified(path);
        return [.. file.Tensors.Select(tensor => tensor.Name).Where(name => !name.StartsWith(Prefix, StringComparison.Ordinal))];
    }
}
