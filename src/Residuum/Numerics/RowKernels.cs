using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>Operations on rows that fit in the cache, many in a call, so that short rows cost little more than long ones.</summary>
internal static class RowKernels
{
    // As in Reductions: entry j of a row goes to accumulator j mod 16, so that every width gives the same bits.
    private const int Accumulators = Reductions.Accumulators;

    // Rows whose accumulators are on the stack at once.
    private const int RowsAtOnce = 64;

    /// <summary>The sum of the squares of each row; and the squares of each column are added to its sum.</summary>
    /// <param name="x">Whole rows. Moves 4 bytes an element, 4 flops.</param>
    /// <param name="columns">Entries of a row.</param>
    /// <param name="rowSums">One for each row, or none if they are not wanted.</param>
    /// <param name="columnSums">One for each column, or none if they are not wanted.</param>
    public static void SquareSums(ReadOnlySpan<float> x, int columns, Span<float> rowSums, Span<float> columnSums)
    {
        int rows = Rows(x.Length, columns, rowSums.Length, columnSums.Length);
        Span<float> sums = stackalloc float[RowsAtOnce * Accumulators];
        for (int first = 0; first < rows; first += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, rows - first);
            sums.Clear();
            SquareSumsKernel kernel = new()
            {
                X = x.Slice(first * columns, count * columns),
                Columns = (nuint)columns,
                RowSums = sums,
                ColumnSums = columnSums,
            };
            Run(ref kernel, columns);
            for (int row = 0; row < count && !rowSums.IsEmpty; row++)
            {
                rowSums[first + row] = Reductions.Combine(sums.Slice(row * Accumulators, Accumulators));
            }
        }
    }

    /// <summary><c>result = factor of the row * x * factor of the column</c>.</summary>
    /// <param name="x">Whole rows. Moves 8 bytes an element, 2 flops.</param>
    /// <param name="columns">Entries of a row.</param>
    /// <param name="rowFactors">One for each row, or none for 1.</param>
    /// <param name="columnFactors">One for each column, or none for 1.</param>
    /// <param name="result">As many as <paramref name="x"/>; may be the same.</param>
    /// <param name="ahead">What will be wanted next, as many: requested from memory meanwhile; or none.</param>
    public static void Scale(
        ReadOnlySpan<float> x,
        int columns,
        ReadOnlySpan<float> rowFactors,
        ReadOnlySpan<float> columnFactors,
        Span<float> result,
        ReadOnlySpan<float> ahead = default)
    {
        Rows(x.Length, columns, rowFactors.Length, columnFactors.Length);
        ScaleKernel kernel = new()
        {
            X = x,
            Columns = (nuint)columns,
            RowFactors = rowFactors,
            ColumnFactors = columnFactors,
            Result = result[..x.Length],
            Ahead = ahead.IsEmpty ? x : ahead,
        };
        Run(ref kernel, columns);
    }

    /// <summary>
    /// <c>w = decay * w - eta * (factor of the row * x * factor of the column * factor)</c>, the last product and sum rounded once.
    /// </summary>
    /// <param name="w">As many as <paramref name="x"/>. Moves 12 bytes an element, 6 flops.</param>
    /// <param name="decay">The factor of w.</param>
    /// <param name="x">Whole rows.</param>
    /// <param name="columns">Entries of a row.</param>
    /// <param name="rowFactors">One for each row.</param>
    /// <param name="columnFactors">One for each column.</param>
    /// <param name="factor">The factor of all.</param>
    /// <param name="eta">How far w goes.</param>
    public static void Descend(
        Span<float> w,
        float decay,
        ReadOnlySpan<float> x,
        int columns,
        ReadOnlySpan<float> rowFactors,
        ReadOnlySpan<float> columnFactors,
        float factor,
        float eta)
    {
        Rows(x.Length, columns, rowFactors.Length, columnFactors.Length);
        DescendKernel kernel = new()
        {
            W = w[..x.Length],
            Decay = decay,
            X = x,
            Columns = (nuint)columns,
            RowFactors = rowFactors,
            ColumnFactors = columnFactors,
            Factor = factor,
            Eta = eta,
        };
        Run(ref kernel, columns);
    }

    /// <summary>
    /// With <c>u = factor of the row * x * factor of the column * factor</c>: <c>average = keep * average + take * u</c>, the last sum
    /// rounded once, and <c>deviation = u - average</c>.
    /// </summary>
    /// <param name="x">Whole rows. Moves 16 bytes an element, 7 flops.</param>
    /// <param name="columns">Entries of a row.</param>
    /// <param name="rowFactors">One for each row.</param>
    /// <param name="columnFactors">One for each column.</param>
    /// <param name="factor">The factor of all.</param>
    /// <param name="average">As many as <paramref name="x"/>.</param>
    /// <param name="keep">How much of the average stays.</param>
    /// <param name="take">How much of u it takes in.</param>
    /// <param name="deviation">As many as <paramref name="x"/>.</param>
    /// <param name="ahead">What will be wanted next, as many: requested from memory meanwhile; or none.</param>
    public static void Deviate(
        ReadOnlySpan<float> x,
        int columns,
        ReadOnlySpan<float> rowFactors,
        ReadOnlySpan<float> columnFactors,
        float factor,
        Span<float> average,
        float keep,
        float take,
        Span<float> deviation,
        ReadOnlySpan<float> ahead = default)
    {
        Rows(x.Length, columns, rowFactors.Length, columnFactors.Length);
        DeviateKernel kernel = new()
        {
            X = x,
            Columns = (nuint)columns,
            RowFactors = rowFactors,
            ColumnFactors = columnFactors,
            Factor = factor,
            Average = average[..x.Length],
            Keep = keep,
            Take = take,
            Deviation = deviation[..x.Length],
            Ahead = ahead.IsEmpty ? x : ahead,
        };
        Run(ref kernel, columns);
    }

    private static int Rows(int length, int columns, int perRow, int perColumn)
    {
        int rows = length / columns;
        if (rows * columns != length || (perRow != 0 && perRow != rows) || (perColumn != 0 && perColumn != columns))
        {
            throw new ArgumentException(
                $"{length} entries are no rows of {columns} with {perRow} numbers for rows and {perColumn} for columns.", nameof(length));
        }

        return rows;
    }

    // Whole registers of all rows, then the columns that are left, with one lane.
    private static void Run<TKernel>(ref TKernel kernel, int columns)
        where TKernel : struct, IRowsKernel, allows ref struct
    {
        nuint whole = (nuint)(columns / SimdWidth.Lanes * SimdWidth.Lanes);
        switch (SimdWidth.Lanes)
        {
            case 16:
                kernel.Run<Lanes16>(0, whole);
                break;
            case 8:
                kernel.Run<Lanes8>(0, whole);
                break;
            default:
                kernel.Run<Lanes1>(0, whole);
                break;
        }

        if (whole < (nuint)columns)
        {
            kernel.Run<Lanes1>(whole, (nuint)columns);
        }
    }

    private interface IRowsKernel
    {
        void Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>;
    }

    private ref struct SquareSumsKernel : IRowsKernel
    {
        public ReadOnlySpan<float> X;
        public nuint Columns;
        public Span<float> RowSums;
        public Span<float> ColumnSums;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly void Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(X);
            ref float rows0 = ref MemoryMarshal.GetReference(RowSums);
            ref float columns0 = ref MemoryMarshal.GetReference(ColumnSums);
            bool hasColumns = !ColumnSums.IsEmpty;
            nuint accumulators = 0;
            for (nuint row = 0; row < (nuint)X.Length; row += Columns, accumulators += Accumulators)
            {
                for (nuint lane = 0; lane < Accumulators; lane += TLanes.Width)
                {
                    // The first column from the start on that belongs to these accumulators.
                    nuint first = start + ((lane - start) % Accumulators);
                    TLanes sum = TLanes.Load(ref rows0, accumulators + lane);
                    for (nuint j = first; j < end; j += Accumulators)
                    {
                        TLanes x = TLanes.Load(ref x0, row + j);
                        sum = TLanes.Fma(x, x, sum);
                        if (hasColumns)
                        {
                            TLanes.Fma(x, x, TLanes.Load(ref columns0, j)).Store(ref columns0, j);
                        }
                    }

                    sum.Store(ref rows0, accumulators + lane);
                }
            }
        }
    }

    private ref struct ScaleKernel : IRowsKernel
    {
        public ReadOnlySpan<float> X;
        public nuint Columns;
        public ReadOnlySpan<float> RowFactors;
        public ReadOnlySpan<float> ColumnFactors;
        public Span<float> Result;
        public ReadOnlySpan<float> Ahead;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly void Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(X);
            ref float result0 = ref MemoryMarshal.GetReference(Result);
            ref float ahead0 = ref MemoryMarshal.GetReference(Ahead);
            ref float columns0 = ref MemoryMarshal.GetReference(ColumnFactors);
            bool hasColumns = !ColumnFactors.IsEmpty;
            int index = 0;
            for (nuint row = 0; row < (nuint)X.Length; row += Columns, index++)
            {
                TLanes factor = TLanes.All(RowFactors.IsEmpty ? 1 : RowFactors[index]);
                for (nuint j = start; j < end; j += TLanes.Width)
                {
                    TLanes y = factor * TLanes.Load(ref x0, row + j);
                    if (hasColumns)
                    {
                        y = y * TLanes.Load(ref columns0, j);
                    }

                    y.Store(ref result0, row + j);
                    CacheLine.Request(in ahead0, row + j);
                }
            }
        }
    }

    private ref struct DescendKernel : IRowsKernel
    {
        public Span<float> W;
        public float Decay;
        public ReadOnlySpan<float> X;
        public nuint Columns;
        public ReadOnlySpan<float> RowFactors;
        public ReadOnlySpan<float> ColumnFactors;
        public float Factor;
        public float Eta;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly void Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float w0 = ref MemoryMarshal.GetReference(W);
            ref float x0 = ref MemoryMarshal.GetReference(X);
            ref float columns0 = ref MemoryMarshal.GetReference(ColumnFactors);
            TLanes decay = TLanes.All(Decay);
            TLanes all = TLanes.All(Factor);
            TLanes downhill = TLanes.All(-Eta);
            int index = 0;
            for (nuint row = 0; row < (nuint)X.Length; row += Columns, index++)
            {
                TLanes factor = TLanes.All(RowFactors[index]);
                for (nuint j = start; j < end; j += TLanes.Width)
                {
                    TLanes u = factor * TLanes.Load(ref x0, row + j) * TLanes.Load(ref columns0, j) * all;
                    TLanes.Fma(downhill, u, decay * TLanes.Load(ref w0, row + j)).Store(ref w0, row + j);
                }
            }
        }
    }

    private ref struct DeviateKernel : IRowsKernel
    {
        public ReadOnlySpan<float> X;
        public nuint Columns;
        public ReadOnlySpan<float> RowFactors;
        public ReadOnlySpan<float> ColumnFactors;
        public float Factor;
        public Span<float> Average;
        public float Keep;
        public float Take;
        public Span<float> Deviation;
        public ReadOnlySpan<float> Ahead;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly void Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(X);
            ref float columns0 = ref MemoryMarshal.GetReference(ColumnFactors);
            ref float average0 = ref MemoryMarshal.GetReference(Average);
            ref float deviation0 = ref MemoryMarshal.GetReference(Deviation);
            ref float ahead0 = ref MemoryMarshal.GetReference(Ahead);
            TLanes all = TLanes.All(Factor);
            TLanes keep = TLanes.All(Keep);
            TLanes take = TLanes.All(Take);
            int index = 0;
            for (nuint row = 0; row < (nuint)X.Length; row += Columns, index++)
            {
                TLanes factor = TLanes.All(RowFactors[index]);
                for (nuint j = start; j < end; j += TLanes.Width)
                {
                    TLanes u = factor * TLanes.Load(ref x0, row + j) * TLanes.Load(ref columns0, j) * all;
                    TLanes average = TLanes.Fma(keep, TLanes.Load(ref average0, row + j), take * u);
                    average.Store(ref average0, row + j);
                    (u - average).Store(ref deviation0, row + j);
                    CacheLine.Request(in ahead0, row + j);
                }
            }
        }
    }
}
