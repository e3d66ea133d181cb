namespace Residuum.Training.Differentiation;

/// <summary>
/// Batch normalization (Ioffe and Szegedy, arXiv:1502.03167) over the last dimension, with what usually follows it in the same pass: an
/// optional residual is added, and the result is optionally rectified.
/// </summary>
/// <remarks>
/// With mean μ and population variance σ² of each column over the batch, <c>x̂ = (x - μ) / √(σ² + ε)</c>, <c>z = γ x̂ + β + residual</c>,
/// <c>y = max(z, 0)</c> or z. Backward, for n rows: dz is dy where y passed the rectifier; dβ = Σ dz; dγ = Σ dz x̂;
/// <c>dx = γ / √(σ² + ε) (dz - dβ / n - x̂ dγ / n)</c>; the residual gets dz.
/// </remarks>
public sealed class BatchNormOperation : Operation
{
    private Tensor _x = null!;
    private Tensor _gamma = null!;
    private Tensor _beta = null!;
    private Tensor _mean = null!;
    private Tensor _inverseDeviation = null!;
    private Tensor? _residual;
    private bool _rectify;

    /// <summary>Normalizes: by the batch's statistics in training, which then move the running ones, else by the running ones.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [..., channels].</param>
    /// <param name="gamma">The scale, shape [channels].</param>
    /// <param name="beta">The shift, shape [channels].</param>
    /// <param name="runningMean">The running mean, one per channel.</param>
    /// <param name="runningVariance">The running sample variance, one per channel.</param>
    /// <param name="residual">Added before the rectifier; the shape of <paramref name="x"/>, or null.</param>
    /// <param name="rectify">Whether negative results become 0.</param>
    /// <param name="momentum">The weight of the batch in the running statistics; 0.1 as in PyTorch.</param>
    /// <param name="epsilon">Added to the variance; 1e-5 as in PyTorch.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or a training batch has fewer than two rows.</exception>
    public static Tensor Apply(
        Tape tape,
        Tensor x,
        Tensor gamma,
        Tensor beta,
        Span<float> runningMean,
        Span<float> runningVariance,
        Tensor? residual = null,
        bool rectify = false,
        float momentum = 0.1f,
        float epsilon = 1e-5f)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(gamma);
        ArgumentNullException.ThrowIfNull(beta);
        int channels = x.Columns;
        ShapeMismatch.ThrowIf(gamma.Length != channels, "Batch normalization", x, gamma);
        ShapeMismatch.ThrowIf(beta.Length != channels, "Batch normalization", x, beta);
        if (residual is not null)
        {
            ShapeMismatch.ThrowIf(residual.Length != x.Length, "Batch normalization", x, residual);
        }

        if (tape.Training && x.Rows < 2)
        {
            throw new ArgumentException(
                $"A batch of shape {TensorShape.Format(x.Shape)} has one row for each channel; its variance needs at least two.",
                nameof(x));
        }

        Tensor mean = tape.Result(requiresGradient: false, channels);
        Tensor inverseDeviation = tape.Result(requiresGradient: false, channels);
        if (tape.Training)
        {
            BatchStatistics.Compute(tape, x, mean.Values, inverseDeviation.Values);
            MoveRunning(runningMean, mean.Values, momentum, factor: 1);
            MoveRunning(runningVariance, inverseDeviation.Values, momentum, factor: x.Rows / (x.Rows - 1f));
        }
        else
        {
            runningMean.CopyTo(mean.Values);
            runningVariance.CopyTo(inverseDeviation.Values);
        }

        foreach (ref float value in inverseDeviation.Values)
        {
            value = 1 / MathF.Sqrt(value + epsilon);
        }

        bool requiresGradient = x.RequiresGradient || gamma.RequiresGradient || beta.RequiresGradient
            || residual is { RequiresGradient: true };
        Tensor y = tape.Result(requiresGradient, x.Shape);
        BatchNormKernels.Normalize(tape, x, mean, inverseDeviation, gamma, beta, residual, rectify, y);

        BatchNormOperation operation = tape.Rent<BatchNormOperation>();
        operation._x = x;
        operation._gamma = gamma;
        operation._beta = beta;
        operation._mean = mean;
        operation._inverseDeviation = inverseDeviation;
        operation._residual = residual;
        operation._rectify = rectify;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        int channels = _x.Columns;
        using Scratch sums = tape.RentScratch(2 * channels);
        Span<float> betaGradient = sums.Span[..channels];
        Span<float> gammaGradient = sums.Span[channels..];
        sums.Span.Clear();
        BatchNormKernels.SumGradients(tape, _x, _mean, _inverseDeviation, Output, _rectify, betaGradient, gammaGradient);
        Add(tape, _beta, betaGradient);
        Add(tape, _gamma, gammaGradient);

        bool toResidual = _residual is { RequiresGradient: true };
        bool accumulateResidual = toResidual && tape.PrepareGradient(_residual!);
        bool accumulate = tape.PrepareGradient(_x);
        BatchNormKernels.InputGradient(
            tape,
            _x,
            _mean,
            _inverseDeviation,
            _gamma,
            Output,
            _rectify,
            sums.Memory,
            accumulate,
            toResidual ? _residual : null,
            accumulateResidual);
    }

    private static void MoveRunning(Span<float> running, ReadOnlySpan<float> batch, float momentum, float factor)
    {
        for (int i = 0; i < running.Length; i++)
        {
            running[i] += momentum * ((factor * batch[i]) - running[i]);
        }
    }

    private static void Add(Tape tape, Tensor target, ReadOnlySpan<float> gradient)
    {
        if (target.RequiresGradient)
        {
            Span<float> sum = tape.GradientToAddTo(target);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += gradient[i];
            }
        }
    }
}
