using System.Globalization;
using Residuum.ErrorMemory;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Exchange;

/// <summary>
/// The exchange of ConEF: what is not sent goes into a count sketch of each row, which gives a part of it back (methods page of ConEF,
/// section 5).
/// </summary>
public sealed record ConEfOptions : ExchangeOptions
{
    // Beyond this factor a bucket grows without end (methods page of ConEF, 5.2).
    private const double StableFactor = 2;

    /// <summary>
    /// W / D: each row of D columns has max(1, floor(D * sketchSize)) buckets; in (0, 1], default 0.2 as in the authors' scripts.
    /// </summary>
    public double SketchSize { get; init; } = 0.2;

    /// <summary>1, or 3 for the median of three sketches of W buckets each; default 1.</summary>
    public int SketchDepth { get; init; } = 1;

    /// <summary>What buckets are stored in; default float32.</summary>
    public SketchStorage SketchStorage { get; init; } = SketchStorage.Float32;

    /// <summary>The share of the error that is kept back at each step: in [0, 1), default 0.9 as in the authors' code.</summary>
    public double Beta { get; init; } = 0.9;

    /// <inheritdoc/>
    public override string Name => "conef";

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> Values => Table.Values(this);

    internal static OptionTable<ConEfOptions> Table { get; } = new(
    [
        .. OfEveryExchange<ConEfOptions>(),
        Option.Number<ConEfOptions>("sketchSize", o => o.SketchSize, (o, x) => o with { SketchSize = x }),
        Option.Integer<ConEfOptions>("sketchDepth", o => o.SketchDepth, (o, x) => o with { SketchDepth = x }),
        Option.Choice<ConEfOptions, SketchStorage>("sketchStorage", o => o.SketchStorage, (o, x) => o with { SketchStorage = x }),
        Option.Number<ConEfOptions>("beta", o => o.Beta, (o, x) => o with { Beta = x }),
    ]);

    private bool IsHalf => SketchStorage == SketchStorage.Float16;

    internal override IEnumerable<FieldSpec> MemoryFields(int rows, int columns) =>
        CountSketchErrorMemory.Fields(rows, SketchHash.BucketsOf(columns, SketchSize), SketchDepth, IsHalf);

    internal override long MemoryScratchBytes(int columns) =>
        CountSketchErrorMemory.ScratchBytesOf(columns, SketchHash.BucketsOf(columns, SketchSize), SketchDepth);

    internal override int SketchFunctions => SketchDepth;

    internal override double BucketShare => SketchSize;

    internal override ErrorMemory.ErrorMemory CreateMemory(Parameter parameter, MatrixView matrix, MemoryParts parts)
    {
        int buckets = SketchHash.BucketsOf(matrix.Columns, SketchSize);
        SketchHash[] hashes = [.. Enumerable.Range(0, SketchDepth).Select(function => parts.Hashes.Get(matrix.Columns, buckets, function))];
        RequireStable(parameter, matrix, hashes);
        return new CountSketchErrorMemory(matrix.Rows, matrix.Columns, hashes, Beta, IsHalf);
    }

    internal override void Validate()
    {
        base.Validate();
        Require.Fraction(SketchSize, "sketchSize");
        Require.InUnitInterval(Beta, "beta");
        if (SketchDepth is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(
                "sketchDepth", SketchDepth, $"The option sketchDepth is {SketchDepth}; it must be 1 or 3.");
        }
    }

    // A bucket is multiplied by 1 - (1 - beta) m, where m of its n_h columns were sent. The authors' code does not check. Of a median of
    // three no border is known; it is refused where all three functions are beyond it.
    private void RequireStable(Parameter parameter, MatrixView matrix, SketchHash[] hashes)
    {
        int load = hashes.Min(hash => hash.LargestLoad);
        if ((1 - Beta) * load > StableFactor)
        {
            string text = string.Create(
                CultureInfo.InvariantCulture,
                $"The option beta is {Beta}; for '{parameter.Name}', whose {matrix.Columns} columns share {hashes[0].Loads.Length} "
                    + $"buckets, at most {load} in one, it must be at least {1 - (StableFactor / load):0.####}, better "
                    + $"{1 - (1.0 / load):0.####}, or sketchSize larger than {SketchSize}: else the sketch grows without end.");
            throw new ArgumentOutOfRangeException("beta", Beta, text);
        }
    }
}
