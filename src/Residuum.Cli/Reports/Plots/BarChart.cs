using Residuum.Cli.Reports.Html;

namespace Residuum.Cli.Reports.Plots;

/// <summary>Horizontal bars with their values, as a figure of plain HTML: its text is as large as the page's on every screen.</summary>
internal static class BarChart
{
    /// <summary>The figure as markup.</summary>
    /// <param name="caption">What is shown.</param>
    /// <param name="bars">The bars, in order.</param>
    public static HtmlBuilder Render(string caption, IReadOnlyList<Bar> bars)
    {
        double largest = bars.Max(bar => bar.Value);
        HtmlBuilder html = new();
        html.Add($"""<figure class="bars"><figcaption>{caption}</figcaption><ul>""");
        foreach (Bar bar in bars)
        {
            double share = largest > 0 ? 100 * bar.Value / largest : 0;
            html.Add($"""<li class="s{bar.Style}"><span class="name">{HtmlBuilder.Breakable(bar.Name)}</span>""");
            html.Add($"""<span class="track"><span class="bar" style="width:{share}%"></span></span>""");
            html.Add($"""<span class="value"><b>{bar.Text}</b> <span class="quiet">{bar.Note}</span></span></li>""");
        }

        return html.Add($"</ul></figure>");
    }
}
