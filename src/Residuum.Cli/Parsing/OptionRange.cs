using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Residuum.Cli.Parsing;

/// <summary>Ranges that several options have.</summary>
internal static class OptionRange
{
    /// <summary>Makes values below 1 mistakes of the command line.</summary>
    /// <param name="option">An option that takes a whole number.</param>
    public static TOption AtLeastOne<TOption>(this TOption option)
        where TOption : Option
    {
        option.Validators.Add(result =>
        {
            // What is no number at all is said by the parser.
            if (result.Tokens is [Token token] && long.TryParse(token.Value, CultureInfo.InvariantCulture, out long value) && value < 1)
            {
                result.AddError($"{option.Name} is {token.Value}; it must be at least 1.");
            }
        });
        return option;
    }
}
