using Residuum.Cli.Reports.Html;

namespace Residuum.Cli.Reports.Plots;

/// <summary>Curves against one quantity, as a figure: caption, SVG drawing, legend with the last values.</summary>
/// <remarks>
/// Colours, dashes and sizes are in the page's style sheet; by container queries there, text keeps its size on every screen.
/// </remarks>
internal sealed class LineChart
{
    private const double Width = 400;
    private const double Height = 240;
    private const double Left = 42;
    private const double Right = 392;
    private const double Top = 8;
    private const double Bottom = 206;
    private const int MarkersPerCurve = 6;

    private readonly string _caption;
    private readonly string _xName;
    private readonly IReadOnlyList<Curve> _curves;
    private readonly Axis _x;
    private readonly Axis _y;

    /// <summary>Makes a chart.</summary>
    /// <param name="caption">What is shown, for example "Training loss".</param>
    /// <param name="xName">What it is shown against, with its unit.</param>
    /// <param name="curves">The curves; points that are not finite are left out.</param>
    public LineChart(string caption, string xName, IReadOnlyList<Curve> curves)
    {
        _caption = caption;
        _xName = xName;
        _curves = curves;
        PlotPoint[] all = [.. curves.SelectMany(curve => curve.Points).Where(IsFinite)];
        PlotPoint[] converged = [.. curves.Where(curve => curve.Ends.Count == 0).SelectMany(curve => curve.Points).Where(IsFinite)];
        PlotPoint[] ranged = converged.Length > 0 ? converged : all;

        // The range is that of the runs that did not diverge; a run that did leaves the picture at its top.
        _x = Axis.Linear(0, all.Length == 0 ? 1 : all.Max(point => point.X), tickCount: 5);
        _y = ranged.Length == 0
            ? Axis.Linear(0, 1, tickCount: 5)
            : Axis.ForLoss(ranged.Min(point => point.Y), ranged.Max(point => point.Y), tickCount: 5);
    }

    /// <summary>The figure as markup.</summary>
    public HtmlBuilder Render()
    {
        HtmlBuilder html = new();
        string scale = _y.IsLogarithmic ? ", log scale" : "";
        html.Add($"""<figure class="chart"><figcaption>{_caption}<span class="quiet">{scale}</span></figcaption>""");
        html.Add($"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{Description()}">""");
        AddAxes(html);
        html.Add($"""<g class="curves">""");
        foreach (Curve curve in _curves)
        {
            AddCurve(html, curve);
        }

        html.Add($"</g></svg>");
        AddLegend(html);
        return html.Add($"</figure>");
    }

    /// <summary>The sample of a curve's line and marker that legends and tables show.</summary>
    /// <param name="style">The curve's style.</param>
    public static HtmlBuilder Key(int style) => new HtmlBuilder()
        .Add($"""<svg class="key s{style}" viewBox="0 0 30 12" aria-hidden="true"><path class="line" d="M0 6H30"/>""")
        .Add($"""<use class="marker" href="#m{style}" x="15" y="6"/></svg>""");

    private static bool IsFinite(PlotPoint point) => double.IsFinite(point.X) && double.IsFinite(point.Y);

    private void AddAxes(HtmlBuilder html)
    {
        foreach (double tick in _y.Ticks)
        {
            html.Add($"""<path class="grid" d="M{Left} {Y(tick)}H{Right}"/>""");
            html.Add($"""<text class="tick" x="{Left - 5}" y="{Y(tick)}" dy="0.32em" text-anchor="end">{Axis.Label(tick)}</text>""");
        }

        foreach (double tick in _x.Ticks)
        {
            html.Add($"""<path class="grid" d="M{X(tick)} {Top}V{Bottom}"/>""");
            html.Add($"""<text class="tick" x="{X(tick)}" y="{Bottom}" dy="1.3em" text-anchor="middle">{Axis.Label(tick)}</text>""");
        }

        html.Add($"""<path class="axis" d="M{Left} {Top}V{Bottom}H{Right}"/>""");
        html.Add($"""<text class="tick" x="{Right}" y="{Bottom}" dy="2.5em" text-anchor="end">{_xName}</text>""");
    }

    private void AddCurve(HtmlBuilder html, Curve curve)
    {
        html.Add($"""<g class="s{curve.Style}">""");
        foreach (IReadOnlyList<PlotPoint> seed in curve.Seeds)
        {
            html.Add($"""<path class="seed" d="{PathOf(seed)}"/>""");
        }

        html.Add($"""<path class="line" d="{PathOf(curve.Line)}"><title>{curve.Name}</title></path>""");
        PlotPoint[] points = [.. curve.Line.Where(IsFinite)];
        foreach (PlotPoint point in Marked(points, curve.Style))
        {
            html.Add($"""<use class="marker" href="#m{curve.Style}" x="{X(point.X)}" y="{Y(point.Y)}">""");
            html.Add($"<title>{curve.Name}: {NumberText.Figure(point.Y)} at {Axis.Label(Math.Round(point.X, 2))}</title></use>");
        }

        foreach (PlotPoint end in curve.Ends.Where(IsFinite))
        {
            html.Add($"""<path class="end" d="M{X(end.X) - 5} {Y(end.Y) - 5}l10 10m0 -10l-10 10">""");
            html.Add($"<title>{curve.Name} diverged</title></path>");
        }

        html.Add($"</g>");
    }

    // All points of a short curve; of a long one a few, shifted by the style so that curves which lie together can still be told apart.
    private static IEnumerable<PlotPoint> Marked(PlotPoint[] points, int style)
    {
        if (points.Length <= 2 * MarkersPerCurve)
        {
            return points;
        }

        double stride = (double)points.Length / MarkersPerCurve;
        double shift = stride * ((style % 4) + 0.5) / 4;
        return Enumerable.Range(0, MarkersPerCurve).Select(i => points[Math.Min(points.Length - 1, (int)(shift + (i * stride)))]);
    }

    private void AddLegend(HtmlBuilder html)
    {
        html.Add($"""<ul class="legend">""");
        foreach (Curve curve in _curves)
        {
            html.Add($"""<li>{Key(curve.Style)} {HtmlBuilder.Breakable(curve.Name)} <b>{LastValue(curve)}</b></li>""");
        }

        html.Add($"</ul>");
    }

    private string Description() =>
        $"{_caption}. Last values: {string.Join(", ", _curves.Select(curve => $"{curve.Name} {LastValue(curve)}"))}.";

    private static string LastValue(Curve curve) =>
        curve.Ends.Count > 0 && curve.Ends.Count >= curve.Seeds.Count ? "diverged"
        : curve.Line.Count == 0 ? "-"
        : NumberText.Figure(curve.Line[^1].Y);

    private string PathOf(IReadOnlyList<PlotPoint> points)
    {
        System.Text.StringBuilder path = new();
        bool pen = false;
        foreach (PlotPoint point in points)
        {
            if (!IsFinite(point))
            {
                pen = false;
                continue;
            }

            path.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(pen ? 'L' : 'M')}{X(point.X):0.#} {Y(point.Y):0.#}");
            pen = true;
        }

        return path.ToString();
    }

    private double X(double value) => Left + ((Right - Left) * _x.Position(value));

    // Values beyond the range are drawn a little outside the frame's top or bottom, not thousands of units away.
    private double Y(double value)
    {
        double position = _y.IsLogarithmic && value <= 0 ? 0 : _y.Position(value);
        return Bottom - ((Bottom - Top) * Math.Clamp(position, -0.01, 1.01));
    }
}
