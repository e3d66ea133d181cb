using FsCheck;
using FsCheck.Fluent;
using Residuum.Compression;
using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.Tests.Optimizers;

/// <summary>The facts of LDAdam's page, section 4, for random shapes and options and both error buffers.</summary>
public sealed class LdAdamLawTests
{
    private static readonly Gen<Case> Cases =
        from rows in Gen.Choose(1, 24)
        from columns in Gen.Choose(1, 24)
        from side in Gen.Elements(ProjectionSide.Auto, ProjectionSide.Reverse, ProjectionSide.Left, ProjectionSide.Right)
        from share in Gen.Choose(1, 100)
        from rho in Gen.Elements(0, 0.5, 0.908)
        from beta1 in Gen.Elements(0, 0.5, 0.908)
        from buffer in Gen.Elements(ErrorBuffer.OwnBuffer, ErrorBuffer.GradientBuffer)
        from method in Gen.Elements(SubspaceMethod.PowerIteration, SubspaceMethod.Svd)
        from rank in Gen.Elements(1, 2, 100)
        from seed in Gen.Choose(0, 100_000)
        select new Case(rows, columns, side, share, rho, beta1, buffer, method, rank, (ulong)seed);

    /// <summary>The sum of all gradients is the error, beta1 / (1 - beta1) U m, and the sum of all U m.</summary>
    [Fact]
    public void What_was_given_is_what_was_used_and_what_is_left() => ForAll((sample, optimizer, parameter) =>
    {
        float[] given = new float[parameter.Length];
        float[] used = new float[parameter.Length];
        SubspaceLayout layout = sample.Layout;
        for (int step = 1; step <= 8; step++)
        {
            VectorKernels.MultiplyAdd(given, 1, LowRankRuns.Gradient(parameter, step, sample.Seed), given);
            LowRankRuns.Step(optimizer, step, sample.Seed);
            layout.Expand(1, LowRankRuns.Read(optimizer, "w.basis"), LowRankRuns.Read(optimizer, "w.m"), 1, used, WorkSharing.Alone);
            float[] sum = [.. used];
            float c = (float)(sample.Beta1 / (1 - sample.Beta1));
            layout.Expand(c, LowRankRuns.Read(optimizer, "w.basis"), LowRankRuns.Read(optimizer, "w.m"), 1, sum, WorkSharing.Alone);
            VectorKernels.MultiplyAdd(sum, 1, LowRankRuns.Read(optimizer, "w.error"), sum);
            LowRankRuns.AssertClose(given, sum, 3e-5f * step);
        }
    });

    [Fact]
    public void The_basis_is_orthonormal_and_the_error_orthogonal_to_it() => ForAll((sample, optimizer, parameter) =>
    {
        SubspaceLayout layout = sample.Layout;
        for (int step = 1; step <= 6; step++)
        {
            LowRankRuns.Step(optimizer, step, sample.Seed);
            float[] basis = LowRankRuns.Read(optimizer, "w.basis");
            AssertOrthonormal(basis, layout);
            float[] along = new float[layout.CoefficientElements];
            layout.Project(basis, LowRankRuns.Read(optimizer, "w.error"), along, WorkSharing.Alone);
            LowRankRuns.AssertClose(new float[along.Length], along, 3e-5f * step);
        }
    });

    /// <summary>A basis vector and its opposite are the same subspace: the moments change sign with it, and the weights do not see it.</summary>
    [Fact]
    public void Signs_of_basis_vectors_do_not_matter() => ForAll((sample, optimizer, parameter) =>
    {
        (LdAdam other, Parameter same) = sample.Make();
        for (int step = 1; step <= 6; step++)
        {
            LowRankRuns.Step(optimizer, step, sample.Seed);
            LowRankRuns.Step(other, step, sample.Seed);
            Flip(other, sample.Layout, vector: step % sample.Layout.Rank);
            LowRankRuns.AssertClose(parameter.Values.Span, same.Values.Span, 2e-4f);
        }
    });

    [Fact]
    public void The_left_form_is_the_right_form_of_the_transpose() => ForAll((sample, optimizer, parameter) =>
    {
        SubspaceLayout layout = sample.Layout;
        Parameter transposed = new("w", sample.Columns, sample.Rows);
        MatrixTranspose.Copy(parameter.Values.Span, sample.Rows, sample.Columns, transposed.Values.Span);
        LdAdam other = new([transposed], sample.Options with { ProjectionSide = layout.IsRight ? ProjectionSide.Left : ProjectionSide.Right });
        float[] gradient = new float[parameter.Length];
        float[] back = new float[parameter.Length];
        for (int step = 1; step <= 4; step++)
        {
            LowRankRuns.Step(optimizer, step, sample.Seed);
            MatrixTranspose.Copy(LowRankRuns.Gradient(parameter, step, sample.Seed), sample.Rows, sample.Columns, gradient);
            LowRankRuns.Give(transposed, gradient);
            other.Step();
            MatrixTranspose.Copy(transposed.Values.Span, sample.Columns, sample.Rows, back);
            LowRankRuns.AssertClose(parameter.Values.Span, back, 2e-4f);
        }
    });

    [Fact]
    public void Both_error_buffers_give_the_same_bits() => ForAll((sample, optimizer, parameter) =>
    {
        Parameter same = LowRankRuns.Matrix("w", sample.Rows, sample.Columns, sample.Seed);
        ErrorBuffer opposite = sample.Buffer == ErrorBuffer.OwnBuffer ? ErrorBuffer.GradientBuffer : ErrorBuffer.OwnBuffer;
        LdAdam other = new([same], sample.Options with { ErrorBuffer = opposite });
        for (int step = 1; step <= 4; step++)
        {
            LowRankRuns.Step(optimizer, step, sample.Seed);
            LowRankRuns.Step(other, step, sample.Seed);
        }

        Assert.Equal(LowRankRuns.Everything(optimizer), LowRankRuns.Everything(other));
    });

    /// <summary>Gradients of rank 1 or 0, huge or tiny, while the subspace wants more: the basis is completed, and nothing is lost to NaN.</summary>
    [Fact]
    public void Gradients_of_low_rank_or_any_size_leave_finite_orthonormal_bases() => ForAll((sample, optimizer, parameter) =>
    {
        float[] u = LowRankRuns.Gradient(new Parameter("u", sample.Rows), 1, sample.Seed);
        float[] v = LowRankRuns.Gradient(new Parameter("v", sample.Columns), 2, sample.Seed);
        float[] sizes = [1, 1, 0, 1e-18f, 1e12f, 0, 1];
        foreach (float size in sizes)
        {
            float[] gradient = [.. Enumerable.Range(0, parameter.Length).Select(i => size * u[i / sample.Columns] * v[i % sample.Columns])];
            LowRankRuns.Give(parameter, gradient);
            optimizer.Step();
            AssertOrthonormal(LowRankRuns.Read(optimizer, "w.basis"), sample.Layout);
            Assert.True(float.IsFinite(Reductions.LargestMagnitude(parameter.Values.Span)));
            Assert.True(float.IsFinite(Reductions.LargestMagnitude(LowRankRuns.Read(optimizer, "w.v"))));
        }
    });

    private static void ForAll(Action<Case, LdAdam, Parameter> law) => Prop.ForAll(Cases.ToArbitrary(), sample =>
    {
        (LdAdam optimizer, Parameter parameter) = sample.Make();
        law(sample, optimizer, parameter);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(120));

    private static void AssertOrthonormal(float[] basis, SubspaceLayout layout)
    {
        MatrixLayout square = new(layout.Rank, layout.Rank);
        float[] gram = new float[layout.Rank * layout.Rank];
        MatrixProduct.Multiply(basis, layout.Basis.Transpose(), basis, layout.Basis, gram, square, WorkSharing.Alone);
        for (int i = 0; i < gram.Length; i++)
        {
            Assert.Equal(i % (layout.Rank + 1) == 0 ? 1 : 0, gram[i], 1e-5f);
        }
    }

    private static void Flip(LdAdam optimizer, SubspaceLayout layout, int vector)
    {
        float[] basis = LowRankRuns.Read(optimizer, "w.basis");
        float[] m = LowRankRuns.Read(optimizer, "w.m");
        for (int i = 0; i < layout.Side; i++)
        {
            basis[(i * layout.Rank) + vector] *= -1;
        }

        for (int i = 0; i < layout.Length; i++)
        {
            m[layout.IsRight ? (i * layout.Rank) + vector : (vector * layout.Length) + i] *= -1;
        }

        LowRankRuns.Write(optimizer, "w.basis", basis);
        LowRankRuns.Write(optimizer, "w.m", m);
    }

    /// <summary>A matrix and options; the rank is a share of the side, but at most <paramref name="Most"/>.</summary>
    internal sealed record Case(
        int Rows, int Columns, ProjectionSide Side, int Share, double Rho, double Beta1, ErrorBuffer Buffer, SubspaceMethod Method, int Most, ulong Seed)
    {
        private bool IsRight => Side switch
        {
            ProjectionSide.Left => false,
            ProjectionSide.Right => true,
            ProjectionSide.Reverse => Rows < Columns,
            _ => Rows > Columns,
        };

        // A singular basis of the longer side beyond the shorter one is arbitrary: not what these laws are about.
        private int Rank => Math.Min(Math.Max(1, Math.Min(Rows, Columns) * Share / 100), Most);

        public SubspaceLayout Layout => new(Rows, Columns, Rank, IsRight);

        public LdAdamOptions Options => new()
        {
            LearningRate = 0.01,
            WeightDecay = 0.1,

            // So large that rounding cannot turn the sign of a whole step where a coefficient is nearly 0.
            Epsilon = 1e-3,
            Rank = Rank,
            Rho = Rho,
            Beta1 = Beta1,
            ProjectionSide = Side,
            SubspaceMethod = Method,
            ErrorBuffer = Buffer,
            LowRank = LowRankChoice.True,
        };

        public (LdAdam Optimizer, Parameter Parameter) Make()
        {
            Parameter parameter = LowRankRuns.Matrix("w", Rows, Columns, Seed);
            return (new LdAdam([parameter], Options), parameter);
        }
    }
}
