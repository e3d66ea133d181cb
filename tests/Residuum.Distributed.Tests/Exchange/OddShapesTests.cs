namespace Residuum.Distributed.Tests.Exchange;

/// <summary>Tensors without entries, scalars and single rows travel like any other.</summary>
public sealed class OddShapesTests
{
    private static readonly int[][] Shapes = [[0, 5], [5, 0], [], [1], [0], [1, 1], [3, 4], [1, 7], [7, 1]];

    [Theory]
    [MemberData(nameof(GradientExchangeTests.Exchanges), MemberType = typeof(GradientExchangeTests))]
    public void Odd_shapes_are_exchanged(string name, string options)
    {
        const int Steps = 5;
        float[][][] values = [new float[Steps][], new float[Steps][]];
        Ranks.Run(2, name, options, Steps, Parameters, Draw, (rank, step, parameters, _) =>
            values[rank][step] = [.. parameters.SelectMany(parameter => parameter.Values.ToArray())]);
        Assert.Equal(values[0], values[1]);
        Assert.All(values[0][^1], value => Assert.True(float.IsFinite(value)));
        Assert.Contains(values[0][^1], value => value != 0);
    }

    private static Parameter[] Parameters() => [.. Shapes.Select((shape, i) => new Parameter($"w{i}", shape))];

    private static void Draw(Parameter[] parameters, int rank, int step)
    {
        foreach (Parameter parameter in parameters)
        {
            Ranks.Draw(parameter, rank, step);
        }
    }
}
