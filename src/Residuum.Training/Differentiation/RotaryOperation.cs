using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>
/// Turns each head's pairs of numbers by an angle that grows with the position, so that dot products see the distance of two positions.
/// </summary>
/// <remarks>
/// As in LLaMA's published checkpoints for Hugging Face, entry i of a head is paired with entry i + width / 2:
/// <c>y₁ = x₁ cos - x₂ sin</c>, <c>y₂ = x₂ cos + x₁ sin</c>. Backward turns by the opposite angle.
/// </remarks>
public sealed class RotaryOperation : Operation
{
    private Tensor _x = null!;
    private RotaryTable _table = null!;
    private int _firstPosition;

    /// <summary>Turns.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [batch, time, heads * width].</param>
    /// <param name="table">The angles, for this width.</param>
    /// <param name="firstPosition">The position of the first row of each sequence.</param>
    /// <exception cref="ArgumentException">The shape does not fit the table.</exception>
    public static Tensor Apply(Tape tape, Tensor x, RotaryTable table, int firstPosition = 0)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(table);
        if (x.Shape.Length != 3 || x.Columns % (2 * table.Pairs) != 0 || firstPosition < 0 || firstPosition + x.Shape[1] > table.Positions)
        {
            throw new ArgumentException(
                $"Rotary positions for heads of width {2 * table.Pairs} and positions 0 to {table.Positions - 1} "
                + $"cannot turn the shape {TensorShape.Format(x.Shape)} from position {firstPosition} on.",
                nameof(x));
        }

        Tensor y = tape.Result(x.RequiresGradient, x.Shape);
        tape.ForRows(new Forward(x, y, table, firstPosition), x.Rows, rowsPerChunk: 64);
        RotaryOperation operation = tape.Rent<RotaryOperation>();
        operation._x = x;
        operation._table = table;
        operation._firstPosition = firstPosition;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        bool accumulate = tape.PrepareGradient(_x);
        tape.ForRows(new Gradient(Output, _x, _table, _firstPosition, accumulate), _x.Rows, rowsPerChunk: 64);
    }

    private readonly struct Forward(Tensor x, Tensor y, RotaryTable table, int firstPosition) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            int columns = x.Columns;
            for (int row = first; row < end; row++)
            {
                int position = firstPosition + (row % x.Shape[1]);
                Turn(
                    x.Values.Slice(row * columns, columns),
                    y.Values.Slice(row * columns, columns),
                    table,
                    position,
                    direction: 1,
                    accumulate: false);
            }
        }
    }

    private readonly struct Gradient(Tensor y, Tensor x, RotaryTable table, int firstPosition, bool accumulate) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            int columns = x.Columns;
            for (int row = first; row < end; row++)
            {
                int position = firstPosition + (row % x.Shape[1]);
                Turn(
                    y.Gradient.Slice(row * columns, columns),
                    x.Gradient.Slice(row * columns, columns),
                    table,
                    position,
                    direction: -1,
                    accumulate);
            }
        }
    }

    private static void Turn(
        ReadOnlySpan<float> source, Span<float> target, RotaryTable table, int position, float direction, bool accumulate)
    {
        int width = 2 * table.Pairs;
        for (int head = 0; head < source.Length; head += width)
        {
            TurnKernel kernel = new(
                source.Slice(head, width),
                target.Slice(head, width),
                table.Cosines(position),
                table.Sines(position),
                direction,
                accumulate);
            LaneLoop.Run(ref kernel, table.Pairs);
        }
    }

    private readonly ref struct TurnKernel(
        ReadOnlySpan<float> source,
        Span<float> target,
        ReadOnlySpan<float> cosines,
        ReadOnlySpan<float> sines,
        float direction,
        bool accumulate)
        : ILaneKernel
    {
        private readonly nuint _pairs = (nuint)cosines.Length;
        private readonly ref float _source = ref MemoryMarshal.GetReference(source);
        private readonly ref float _target = ref MemoryMarshal.GetReference(target);
        private readonly ref float _cosines = ref MemoryMarshal.GetReference(cosines);
        private readonly ref float _sines = ref MemoryMarshal.GetReference(sines);

        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes first = TLanes.Load(ref _source, i);
                TLanes second = TLanes.Load(ref _source, i + _pairs);
                TLanes cosine = TLanes.Load(ref _cosines, i);
                TLanes sine = TLanes.All(direction) * TLanes.Load(ref _sines, i);
                TLanes turnedFirst = (first * cosine) - (second * sine);
                TLanes turnedSecond = (second * cosine) + (first * sine);
                if (accumulate)
                {
                    turnedFirst += TLanes.Load(ref _target, i);
                    turnedSecond += TLanes.Load(ref _target, i + _pairs);
                }

                turnedFirst.Store(ref _target, i);
                turnedSecond.Store(ref _target, i + _pairs);
            }

            return i;
        }
    }
}
