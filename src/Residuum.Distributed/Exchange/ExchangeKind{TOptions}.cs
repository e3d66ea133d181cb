using Residuum.Optimizers;

namespace Residuum.Distributed.Exchange;

/// <summary>An exchange, joined to its options record.</summary>
internal sealed class ExchangeKind<TOptions>(
    string name, string summary, TOptions defaults, OptionTable<TOptions> table) : ExchangeKind(name, summary)
    where TOptions : ExchangeOptions
{
    public override IReadOnlyList<string> OptionNames => table.Names;

    public override ExchangeOptions Read(IEnumerable<KeyValuePair<string, string>> options)
    {
        TOptions read = table.Apply(Name, defaults, options);
        read.Validate();
        return read;
    }
}
