using System.Globalization;
using Residuum.Compression;
using Residuum.Preconditioning;

namespace Residuum.Optimizers;

/// <summary>Decides which parameters are low-rank, and says why, for the plan that a user reads.</summary>
internal static class LowRankRule
{
    /// <summary>Decides about one parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="options">The rule.</param>
    /// <param name="choice">Whether the rule is asked at all.</param>
    /// <param name="isRight">For m rows and n columns, whether the basis lies on the right; null for a basis on both sides.</param>
    /// <exception cref="ArgumentException">The parameter must be low-rank and cannot be.</exception>
    public static LowRankDecision Decide(
        string name, IReadOnlyList<int> shape, LowRankOptions options, LowRankChoice choice, Func<int, int, bool?> isRight)
    {
        if (choice == LowRankChoice.False)
        {
            return LowRankDecision.Dense("lowRank is false");
        }

        if (NoMatrix(shape, options) is string missing)
        {
            return Refuse(missing);
        }

        (int rows, int columns) = Sides(shape);
        bool? right = isRight(rows, columns);
        int side = right switch { true => columns, false => rows, null => Math.Min(rows, columns) };
        if (options.Rank > side)
        {
            return Refuse(Text($"rank {options.Rank} is more than the side of {side}"));
        }

        if ((long)options.Rank * Math.Max(rows, columns) > Array.MaxLength)
        {
            return Refuse(Text($"rank {options.Rank} times the side of {Math.Max(rows, columns)} is more than an array holds"));
        }

        if (choice == LowRankChoice.Auto && Unwanted(name, rows, columns, options) is string reason)
        {
            return LowRankDecision.Dense(reason);
        }

        return LowRankDecision.LowRank(new SubspaceLayout(rows, columns, options.Rank, right ?? rows >= columns), right is null);

        LowRankDecision Refuse(string why) => choice == LowRankChoice.Auto
            ? LowRankDecision.Dense(why)
            : throw new ArgumentException(
                $"Parameter '{name}' of shape {TensorShape.Format([.. shape])} cannot be low-rank: {why}; "
                    + "use lowRank auto, or false for its group.",
                nameof(options));
    }

    /// <summary>
    /// The subsets of a parameter's entries that share a second moment, and the shape they are subsets of. The heuristic is for matrices by
    /// the rule, whatever the rank, and gives every entry of other parameters its own; other subsets are those of all parameters.
    /// </summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="options">The rule.</param>
    /// <param name="size">The subsets asked for.</param>
    public static (int[] Shape, SubsetSize Size) Subsets(string name, IReadOnlyList<int> shape, MatrixOptions options, SubsetSize size)
    {
        if (size != SubsetSize.Heuristic)
        {
            return ([.. shape], size);
        }

        if (NoMatrix(shape, options) is not null)
        {
            return ([.. shape], SubsetSize.PerEntry);
        }

        (int rows, int columns) = Sides(shape);
        return Unwanted(name, rows, columns, options) is null ? ([rows, columns], size) : ([.. shape], SubsetSize.PerEntry);
    }

    private static string? NoMatrix(IReadOnlyList<int> shape, MatrixOptions options) => shape.Count switch
    {
        < 2 => "no matrix",
        > 2 when !options.Flatten => "more than two dimensions, flatten is false",
        _ when shape.Contains(0) => "no entries",
        _ => null,
    };

    private static (int Rows, int Columns) Sides(IReadOnlyList<int> shape) =>
        (shape[0], shape.Skip(1).Aggregate(1, (product, dimension) => product * dimension));

    private static string? Unwanted(string name, int rows, int columns, MatrixOptions options) =>
        (long)rows * columns < options.MinLowRankSize ? Text($"fewer than {options.MinLowRankSize} entries")
        : !NamePatterns.Fit(options.LowRankNames, name) ? "name not in lowRankNames"
        : NamePatterns.Fit(options.DenseNames, name) ? "name in denseNames"
        : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
