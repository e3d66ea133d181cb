namespace Residuum.Cli.Reports.Plots;

/// <summary>One optimizer's curve: a main line, and beneath it a faint line per run where the main line is a mean.</summary>
/// <param name="Name">What the legend says.</param>
/// <param name="Style">Index of colour, dash pattern and marker, from 0.</param>
/// <param name="Line">The mean over the seeds, or the only run.</param>
/// <param name="Seeds">The single runs in more detail; empty where the main line is the only run, undiminished.</param>
/// <param name="Ends">Where a run diverged; a cross is drawn there.</param>
internal sealed record Curve(
    string Name, int Style, IReadOnlyList<PlotPoint> Line, IReadOnlyList<IReadOnlyList<PlotPoint>> Seeds, IReadOnlyList<PlotPoint> Ends)
{
    /// <summary>The points of all lines.</summary>
    public IEnumerable<PlotPoint> Points => Seeds.Append(Line).Append(Ends).SelectMany(line => line);

    /// <summary>A curve of at most so many points: neighbours are replaced by their mean.</summary>
    /// <param name="points">The points, in order.</param>
    /// <param name="limit">How many may stay.</param>
    public static IReadOnlyList<PlotPoint> Thin(IReadOnlyList<PlotPoint> points, int limit)
    {
        if (points.Count <= limit)
        {
            return points;
        }

        PlotPoint[] thinned = new PlotPoint[limit];
        for (int i = 0; i < limit; i++)
        {
            int begin = (int)((long)points.Count * i / limit);
            int end = (int)((long)points.Count * (i + 1) / limit);
            PlotPoint[] part = [.. points.Skip(begin).Take(end - begin)];
            thinned[i] = new PlotPoint(part.Average(point => point.X), part.Average(point => point.Y));
        }

        return thinned;
    }

    /// <summary>The mean over the seeds, point by point, as far as all of them go.</summary>
    /// <param name="seeds">The single runs, with points at the same steps.</param>
    public static IReadOnlyList<PlotPoint> Mean(IReadOnlyList<IReadOnlyList<PlotPoint>> seeds)
    {
        int length = seeds.Count == 0 ? 0 : seeds.Min(seed => seed.Count);
        PlotPoint[] mean = new PlotPoint[length];
        for (int i = 0; i < length; i++)
        {
            int at = i;
            mean[i] = new PlotPoint(seeds.Average(seed => seed[at].X), seeds.Average(seed => seed[at].Y));
        }

        return mean;
    }
}
