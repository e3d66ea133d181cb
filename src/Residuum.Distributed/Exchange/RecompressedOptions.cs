using Residuum.ErrorMemory;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Exchange;

/// <summary>
/// The exchange with a re-compressed error memory, <c>iconef</c> in golden cases: what is not sent is compressed by any of
/// <see cref="ErrorStorage"/> (methods page of ConEF, section 6). It is ours, not the paper's.
/// </summary>
public sealed record RecompressedOptions : ExchangeOptions
{
    /// <summary>What the error is stored as; default float16 (ours: the page has none).</summary>
    public ErrorStorage ErrorMemory { get; init; } = ErrorStorage.Float16;

    /// <summary>For int8: entries of a block, at least 1; default 64.</summary>
    public int ErrorBlock { get; init; } = 64;

    /// <summary>
    /// For topK: max(1, floor(errorDensity * n)) entries are kept; in (0, 1], without default: 0 says that it was not given.
    /// </summary>
    public double ErrorDensity { get; init; }

    /// <summary>For projectionSketch: each row of D columns has max(1, floor(D * sketchSize)) buckets; in (0, 1], default 0.2.</summary>
    public double SketchSize { get; init; } = 0.2;

    /// <summary>The share of the error that is kept back at each step: in [0, 1), default 0.</summary>
    public double Beta { get; init; }

    /// <inheritdoc/>
    public override string Name => "iconef";

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> Values => Table.Values(this);

    internal static OptionTable<RecompressedOptions> Table { get; } = new(
    [
        .. OfEveryExchange<RecompressedOptions>(),
        Option.Choice<RecompressedOptions, ErrorStorage>("errorMemory", o => o.ErrorMemory, (o, x) => o with { ErrorMemory = x }),
        Option.Integer<RecompressedOptions>("errorBlock", o => o.ErrorBlock, (o, x) => o with { ErrorBlock = x }),
        Option.Number<RecompressedOptions>("errorDensity", o => o.ErrorDensity, (o, x) => o with { ErrorDensity = x }),
        Option.Number<RecompressedOptions>("sketchSize", o => o.SketchSize, (o, x) => o with { SketchSize = x }),
        Option.Integer<RecompressedOptions>("sketchDepth", _ => 1, (o, x) => x == 1 ? o : throw OnlyOfConEf("sketchDepth", x, "1")),
        Option.Choice<RecompressedOptions, SketchStorage>(
            "sketchStorage",
            _ => SketchStorage.Float32,
            (o, x) => x == SketchStorage.Float32 ? o : throw OnlyOfConEf("sketchStorage", "float16", "float32")),
        Option.Number<RecompressedOptions>("beta", o => o.Beta, (o, x) => o with { Beta = x }),
    ]);

    internal override IEnumerable<FieldSpec> MemoryFields(int rows, int columns) => ErrorMemory switch
    {
        ErrorStorage.Float32 => DenseErrorMemory.Fields(rows * columns),
        ErrorStorage.Float16 => Float16ErrorMemory.Fields(rows * columns),
        ErrorStorage.Int8 => Int8ErrorMemory.Fields(rows * columns, ErrorBlock),
        ErrorStorage.ProjectionSketch => ProjectionSketchErrorMemory.Fields(rows, SketchHash.BucketsOf(columns, SketchSize)),
        _ => TopKErrorMemory.Fields(rows * columns, ErrorDensity),
    };

    internal override int SketchFunctions => ErrorMemory == ErrorStorage.ProjectionSketch ? 1 : 0;

    internal override double BucketShare => SketchSize;

    internal override bool IsDamped => Beta != 0;

    internal override ErrorMemory.ErrorMemory CreateMemory(Parameter parameter, MatrixView matrix, MemoryParts parts)
    {
        int buckets = SketchHash.BucketsOf(matrix.Columns, SketchSize);
        return parts.Damped(
            ErrorMemory switch
            {
                ErrorStorage.Float32 => new DenseErrorMemory(matrix.Length),
                ErrorStorage.Float16 => new Float16ErrorMemory(matrix.Length),
                ErrorStorage.Int8 => new Int8ErrorMemory(matrix.Length, ErrorBlock),
                ErrorStorage.ProjectionSketch =>
                    new ProjectionSketchErrorMemory(matrix.Rows, matrix.Columns, parts.Hashes.Get(matrix.Columns, buckets)),
                _ => new TopKErrorMemory(matrix.Length, ErrorDensity),
            },
            Beta);
    }

    internal override void Validate()
    {
        base.Validate();
        Require.InUnitInterval(Beta, "beta");
        Require.Fraction(SketchSize, "sketchSize");
        Require.AtLeast(ErrorBlock, 1, "errorBlock");
        if (ErrorMemory == ErrorStorage.TopK)
        {
            Require.Fraction(ErrorDensity, "errorDensity");
        }
    }

    // The projection on sign vectors has one function and float32 buckets (methods page of ConEF, section 6); the page names the options
    // for both.
    private static ArgumentException OnlyOfConEf(string name, object value, string wanted) =>
        new($"The option {name} is {value}, which only conef has; for iconef it must be {wanted}.", name);
}
