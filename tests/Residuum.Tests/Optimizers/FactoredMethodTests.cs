using FsCheck;
using FsCheck.Fluent;
using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.Tests.Optimizers;

/// <summary>Laws of Adafactor and CAME (methods page of the baselines, sections 5 and 6).</summary>
public sealed class FactoredMethodTests
{
    private static readonly AdafactorOptions FixedRate = new() { LearningRate = 1, ScaleParameter = false };

    /// <summary>Where |g| is the product of a column and a row, means of rows and columns lose nothing: g / sqrt(V) is the sign of g.</summary>
    [Fact]
    public void A_product_of_a_column_and_a_row_is_held_exactly()
    {
        Gen<(float[] Rows, float[] Columns, int Signs)> cases =
            from rows in Gen.Choose(1, 40).Select(n => n / 8f).NonEmptyListOf()
            from columns in Gen.Choose(1, 40).Select(n => n / 8f).NonEmptyListOf()
            from signs in Gen.Choose(0, int.MaxValue)
            select (rows.ToArray(), columns.ToArray(), signs);
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            float[] gradient = [.. sample.Rows.SelectMany((row, i) => sample.Columns.Select((column, j) => ((sample.Signs >> ((i + j) % 31)) & 1) == 0 ? row * column : -row * column))];
            float[] w = Peers.StepFromZero(parameters => new Adafactor(parameters, FixedRate), [sample.Rows.Length, sample.Columns.Length], gradient);
            return w.Zip(gradient).All(pair => Math.Abs(pair.First + Math.Sign(pair.Second)) < 1e-5);
        }).Check(Config.QuickThrowOnFailure);
    }

    /// <summary>No update is larger in root mean square than the rate times the threshold, whatever the gradient.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.25)]
    public void Updates_are_clipped(double threshold)
    {
        Gen<float[]> gradients = Gen.Choose(-1_000_000, 1_000_000).Select(n => n / 1024f).ArrayOf(24);
        Prop.ForAll(gradients.ToArbitrary(), gradient =>
        {
            float[] w = Peers.StepFromZero(parameters => new Adafactor(parameters, FixedRate with { ClipThreshold = threshold }), [4, 6], gradient);
            return Math.Sqrt(Reductions.SumOfSquares(w) / w.Length) <= threshold * 1.00001;
        }).Check(Config.QuickThrowOnFailure);
    }

    /// <summary>Rows and columns play the same part: what is transposed stays transposed.</summary>
    [Fact]
    public void A_transposed_matrix_is_trained_alike()
    {
        int[][] shapes = [[7, 12], [130, 3], [1, 9], [600, 5]];
        foreach (Func<Parameter[], Optimizer> make in (Func<Parameter[], Optimizer>[])
            [p => new Adafactor(p), p => new Came(p, new CameOptions { LearningRate = 0.01, Beta3 = 0.99 })])
        {
            Peers.AssertClose(Peers.Run(make, 5, isTransposed: false, shapes), Peers.Run(make, 5, isTransposed: true, shapes), 1e-4);
        }
    }

    /// <summary>A tensor of more dimensions is trained as its matrices would be with the same clipping; here nothing is clipped.</summary>
    [Fact]
    public void Matrices_of_a_tensor_are_independent_but_for_clipping()
    {
        CameOptions options = new() { LearningRate = 0.01, ClipThreshold = 1e6 };
        float[] gradient = Numerics.Draws.Normal(2 * 3 * 4 * 5, stream: 7);
        float[] whole = Peers.StepFromZero(p => new Came(p, options), [2, 3, 4, 5], gradient);
        for (int matrix = 0; matrix < 6; matrix++)
        {
            Range part = (20 * matrix)..(20 * (matrix + 1));
            Assert.Equal(Peers.StepFromZero(p => new Came(p, options), [4, 5], gradient[part]), whole[part]);
        }
    }

    [Fact]
    public void Flattened_filters_are_a_matrix()
    {
        CameOptions options = new() { LearningRate = 0.01, FlattenTo2D = true };
        float[] gradient = Numerics.Draws.Normal(120, stream: 8);
        Assert.Equal(
            Peers.StepFromZero(p => new Came(p, options), [6, 20], gradient),
            Peers.StepFromZero(p => new Came(p, options), [6, 5, 2, 2], gradient));
        Assert.Equal([120L, 6L, 20L, 6L, 20L], Came.Fields([6, 5, 2, 2], options).Select(field => field.Elements));
    }

    [Fact]
    public void Threads_change_no_bit_of_matrices_in_many_bands()
    {
        int[][] shapes = [[1500, 40], [3, 70_001], [7, 3, 3, 5], [5000]];
        foreach (Func<Parameter[], int, Optimizer> make in (Func<Parameter[], int, Optimizer>[])
        [
            (p, threads) => new Adafactor(p, null, new StepSettings { Threads = threads }),
            (p, threads) => new Came(p, null, new StepSettings { Threads = threads }),
            (p, threads) => new SubsetNorm(p, null, new StepSettings { Threads = threads }),
        ])
        {
            Assert.Equal(Peers.Run(p => make(p, 1), 3, false, shapes), Peers.Run(p => make(p, 3), 3, false, shapes));
        }
    }

    [Fact]
    public void Zero_gradients_and_empty_tensors_leave_finite_weights()
    {
        foreach (Func<Parameter[], Optimizer> make in (Func<Parameter[], Optimizer>[])[p => new Adafactor(p), p => new Came(p), p => new SubsetNorm(p)])
        {
            Parameter[] parameters = [new("matrix", 4, 3), new("empty", 0, 3), new("none", 5, 0), new("scalar"), new("vector", 7)];
            Optimizer optimizer = make(parameters);
            for (int step = 0; step < 3; step++)
            {
                optimizer.Step();
            }

            Assert.All(parameters.SelectMany(parameter => parameter.Values.ToArray()), value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void A_rate_and_relative_steps_go_together_as_documented()
    {
        Assert.True(new AdafactorOptions().UsesRelativeStep);
        Assert.False(new AdafactorOptions { LearningRate = 0.1 }.UsesRelativeStep);
        Assert.Equal("relativeStep", Option("learningRate", "null").Key);
        Assert.Equal("true", Option("learningRate", "null").Value);
        Assert.Equal("false", Option("learningRate", "0.1").Value);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => new Adafactor([new Parameter("w", 3)], new AdafactorOptions { RelativeStep = false }));
        Assert.Equal("learningRate", refused.ParamName);

        static KeyValuePair<string, string> Option(string name, string text) =>
            OptimizerCatalog.Get("adafactor").Describe([new(name, text)]).Single(option => option.Key == "relativeStep");
    }
}
