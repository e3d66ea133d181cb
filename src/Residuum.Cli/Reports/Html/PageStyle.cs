namespace Residuum.Cli.Reports.Html;

/// <summary>The parts of a report page that are the same in every report.</summary>
internal static class PageStyle
{
    /// <summary>The style sheet.</summary>
    public static HtmlBuilder Css { get; } = Resource("report.css");

    /// <summary>The shapes of the curves' markers, referred to by <c>#m0</c>, <c>#m1</c>, ...</summary>
    public static HtmlBuilder Markers { get; } = Resource("markers.svg");

    private static HtmlBuilder Resource(string name)
    {
        using Stream stream = typeof(PageStyle).Assembly.GetManifestResourceStream($"Residuum.Cli.Reports.Html.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is missing from the program.");
        using StreamReader reader = new(stream);
        return HtmlBuilder.OfMarkup(reader.ReadToEnd());
    }
}
