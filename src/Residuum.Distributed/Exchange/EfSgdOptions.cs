using Residuum.ErrorMemory;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Exchange;

/// <summary>
/// The exchange of EF-SGD: what is not sent stays in float32 and comes back whole at the next step (methods page of ConEF, section 2).
/// </summary>
public sealed record EfSgdOptions : ExchangeOptions
{
    /// <summary>Whether what is not sent comes back; default true. Without it there is no error memory.</summary>
    public bool ErrorFeedback { get; init; } = true;

    /// <inheritdoc/>
    public override string Name => "efsgd";

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> Values => Table.Values(this);

    internal static OptionTable<EfSgdOptions> Table { get; } = new(
    [
        .. OfEveryExchange<EfSgdOptions>(),
        Option.Flag<EfSgdOptions>("errorFeedback", o => o.ErrorFeedback, (o, x) => o with { ErrorFeedback = x }),
    ]);

    internal override bool AllowsLocalStep => true;

    internal override bool FeedsBack => ErrorFeedback;

    internal override IEnumerable<FieldSpec> MemoryFields(int rows, int columns) =>
        ErrorFeedback ? DenseErrorMemory.Fields(rows * columns) : [];

    internal override ErrorMemory.ErrorMemory CreateMemory(Parameter parameter, MatrixView matrix, MemoryParts parts) =>
        ErrorFeedback ? new DenseErrorMemory(matrix.Length) : new NoErrorMemory();
}
