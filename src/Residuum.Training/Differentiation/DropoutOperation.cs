using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>
/// Sets a random share of the entries to 0 in training and scales the rest by 1 / (1 - share), so that the mean stays (inverted dropout).
/// </summary>
/// <remarks>
/// What is dropped depends on the tape's seed, step and micro-batch, on the stream and on the entry's index alone: the same for any number
/// of threads, and again after a resume. Each draw has 16 bits, so the share is exact to 1 / 65,536. Backward: <c>dx = dy mask</c>.
/// </remarks>
public sealed class DropoutOperation : Operation
{
    private const int ChunkLength = 4096;
    private const int DrawsPerNumber = 4;
    private const int Levels = 1 << 16;

    private Tensor _x = null!;
    private Tensor _mask = null!;

    /// <summary>Drops entries; returns <paramref name="x"/> itself outside training or if the share is 0.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Any shape.</param>
    /// <param name="share">The share to drop, from 0 to less than 1.</param>
    /// <param name="stream">Distinguishes the places of a model that drop.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to less than 1.</exception>
    public static Tensor Apply(Tape tape, Tensor x, float share, ulong stream)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(x);
        if (share is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(share), share, $"The share to drop is {share}; it must be at least 0 and less than 1.");
        }

        if (!tape.Training || share == 0)
        {
            return x;
        }

        Tensor mask = tape.Result(requiresGradient: false, x.Shape);
        Tensor y = tape.Result(x.RequiresGradient, x.Shape);
        ulong stepStream = new CounterRandom(tape.Seed, stream).Bits(((ulong)tape.Step << 20) + (ulong)tape.MicroBatch);
        tape.ForRows(
            new Forward(x, mask, y, share, new CounterRandom(tape.Seed, stepStream)),
            (x.Length + ChunkLength - 1) / ChunkLength,
            rowsPerChunk: 1);

        DropoutOperation operation = tape.Rent<DropoutOperation>();
        operation._x = x;
        operation._mask = mask;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        bool accumulate = tape.PrepareGradient(_x);
        tape.ForElements(new Gradient(_x, _mask, Output, accumulate), _x.Length);
    }

    private readonly struct Forward(Tensor x, Tensor mask, Tensor y, float share, CounterRandom random) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            uint threshold = (uint)(share * Levels);
            float scale = 1 / (1 - share);
            int last = Math.Min(end * ChunkLength, x.Length);
            ReadOnlySpan<float> source = x.Values;
            Span<float> factors = mask.Values;
            Span<float> target = y.Values;
            for (int start = first * ChunkLength; start < last; start += DrawsPerNumber)
            {
                ulong bits = random.Bits((ulong)start / DrawsPerNumber);
                for (int i = start; i < Math.Min(start + DrawsPerNumber, last); i++)
                {
                    factors[i] = (bits & (Levels - 1)) < threshold ? 0 : scale;
                    target[i] = source[i] * factors[i];
                    bits >>= 16;
                }
            }
        }
    }

    private readonly struct Gradient(Tensor xTensor, Tensor maskTensor, Tensor yTensor, bool accumulate) : ILaneKernel
    {
        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float mask = ref MemoryMarshal.GetReference(maskTensor.Values);
            ref float dy = ref MemoryMarshal.GetReference(yTensor.Gradient);
            ref float dx = ref MemoryMarshal.GetReference(xTensor.Gradient);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes before = accumulate ? TLanes.Load(in dx, i) : TLanes.All(0);
                TLanes.Fma(TLanes.Load(in dy, i), TLanes.Load(in mask, i), before).Store(ref dx, i);
            }

            return i;
        }
    }
}
