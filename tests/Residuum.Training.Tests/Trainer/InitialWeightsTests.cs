using Residuum.State;
using Residuum.Training.Models;
using Residuum.Training.Trainer;

namespace Residuum.Training.Tests.Trainer;

public sealed class InitialWeightsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-weights-").FullName;

    [Fact]
    public void Two_tensors_of_one_name_are_a_difference()
    {
        MultilayerPerceptron model = new(seed: 1, 2, 3);
        string name = model.Parameters[0].Name;
        string file = Path.Combine(_folder, "weights.safetensors");
        SafetensorsWriter.Write(
            file,
            model.Parameters.Select(parameter => Tensor(parameter.Name, parameter.Shape, parameter.Values))
                .Append(Tensor("other", model.Parameters[0].Shape, model.Parameters[0].Values)));
        InitialWeightsException refused = Assert.Throws<InitialWeightsException>(() => InitialWeights.Load(file, model, [new("other", name)]));
        Assert.Contains("is the name of both", Assert.Single(refused.Differences), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TensorSource Tensor(string name, ReadOnlySpan<int> shape, Memory<float> values) => TensorSource.Of(
        name,
        ElementType.F32,
        [.. shape.ToArray().Select(dimension => (long)dimension)],
        stream => stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.Span)));
}
