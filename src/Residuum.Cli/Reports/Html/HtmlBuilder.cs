using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Residuum.Cli.Reports.Html;

/// <summary>Builds HTML from interpolated strings: the literal parts are markup, every hole is text and is escaped.</summary>
/// <remarks>So an optimizer, a path or a command that holds markup can do no harm, and nobody has to remember to escape it.</remarks>
internal sealed partial class HtmlBuilder
{
    // Markup's own characters are escaped, letters of all languages stay as they are.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _markup = new();

    /// <summary>A builder that holds markup as it is; only for markup that is part of this program.</summary>
    /// <param name="markup">The markup.</param>
    public static HtmlBuilder OfMarkup(string markup)
    {
        HtmlBuilder builder = new();
        builder._markup.Append(markup);
        return builder;
    }

    /// <summary>An optimizer's name with its options, which may break onto the next line after each option.</summary>
    /// <param name="name">For example <c>ldadam[rank=16;errorFeedback=false]</c>.</param>
    public static HtmlBuilder Breakable(string name) =>
        OfMarkup(string.Join("<wbr>", Options().Split(name).Select(part => Encoder.Encode(part))));

    /// <summary>Adds markup; the holes of the string are escaped.</summary>
    /// <param name="markup">An interpolated string.</param>
    public HtmlBuilder Add([InterpolatedStringHandlerArgument("")] ref Handler markup)
    {
        _markup.Append('\n');
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _markup.ToString();

    [GeneratedRegex(@"(?<=[\[;])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Options();

    /// <summary>Writes an interpolated string's parts straight into a builder.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Handler
    {
        private readonly StringBuilder _markup;

        /// <summary>Called by the compiler.</summary>
        public Handler(int literalLength, int formattedCount, HtmlBuilder builder)
        {
            _markup = builder._markup;
            _markup.EnsureCapacity(_markup.Length + literalLength + (8 * formattedCount));
        }

        /// <summary>Markup as it is.</summary>
        public void AppendLiteral(string literal) => _markup.Append(literal);

        /// <summary>Text, escaped.</summary>
        public void AppendFormatted(string? text) => _markup.Append(Encoder.Encode(text ?? ""));

        /// <summary>A whole number.</summary>
        public void AppendFormatted(int number) => _markup.Append(CultureInfo.InvariantCulture, $"{number}");

        /// <summary>A coordinate, one digit after the point.</summary>
        public void AppendFormatted(double coordinate) => _markup.Append(coordinate.ToString("0.#", CultureInfo.InvariantCulture));

        /// <summary>Markup that another builder made.</summary>
        public void AppendFormatted(HtmlBuilder inner) => _markup.Append(inner._markup);
    }
}
