namespace Residuum.Cli.Reports;

/// <summary>The results of a comparison as text cells: the one source of the terminal's, the plain and the HTML table.</summary>
/// <param name="Columns">The headings; only figures that some run has get a column.</param>
/// <param name="Rows">A row per optimizer and rate.</param>
internal sealed record ResultsTable(IReadOnlyList<TableColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Makes the table.</summary>
    /// <param name="methods">The rows.</param>
    public static ResultsTable Of(IReadOnlyList<MethodSummary> methods)
    {
        MethodSummary? adamW = methods.FirstOrDefault(method => method.IsAdamW);
        List<TableColumn> columns = [];
        List<Func<MethodSummary, string>> cells = [];

        void Add(TableColumn column, Func<MethodSummary, string> cell)
        {
            columns.Add(column);
            cells.Add(cell);
        }

        void AddSpread(TableColumn column, Func<MethodSummary, Spread?> figure, Func<double, string> format)
        {
            if (methods.Any(method => figure(method) is not null))
            {
                Add(column, method => figure(method)?.ToText(format) ?? "-");
            }
        }

        Add(new("optimizer", "", IsText: true), method => method.Optimizer);
        Add(new("rate", ""), method => NumberText.Rate(method.Rate));
        if (methods.Any(method => method.Seeds > 1))
        {
            Add(new("seeds", "", IsDetail: true), method => NumberText.Count(method.Seeds));
        }

        AddSpread(new("train loss", "", IsDetail: true), method => method.TrainLoss, NumberText.Loss);
        AddSpread(new("validation loss", "", IsDetail: true), method => method.ValidationLoss, NumberText.Loss);
        AddSpread(new("test loss", ""), method => method.TestLoss, NumberText.Loss);
        AddSpread(new("test accuracy", "%"), method => method.TestAccuracy, NumberText.Percent);
        AddSpread(new("bits per byte", ""), method => method.BitsPerByte, NumberText.Loss);
        AddSpread(new("perplexity", "", IsDetail: true), method => method.Perplexity, NumberText.Loss);
        Add(new("state", ""), method => NumberText.Bytes(method.StateBytes));
        Add(new("state per weight", "bytes"), method => NumberText.Ratio(method.StateBytesPerParameter));
        Add(new("optimizer step", "ms"), method => NumberText.Milliseconds(method.OptimizerMsPerStep));
        if (adamW is { OptimizerMsPerStep: > 0 })
        {
            Add(new("time ratio", "× AdamW"), method => NumberText.Ratio(method.OptimizerMsPerStep / adamW.OptimizerMsPerStep));
        }

        Add(new("whole step", "ms", IsDetail: true), method => NumberText.Milliseconds(method.MsPerStep));
        if (methods.Any(method => method.Diverged > 0 || method.Interrupted))
        {
            Add(new("remark", "", IsText: true), Remark);
        }

        return new ResultsTable(columns, [.. methods.Select(method => (IReadOnlyList<string>)[.. cells.Select(cell => cell(method))])]);
    }

    /// <summary>The table without the columns that a narrow screen can do without.</summary>
    public ResultsTable WithoutDetails()
    {
        int[] kept = [.. Enumerable.Range(0, Columns.Count).Where(i => !Columns[i].IsDetail)];
        return new ResultsTable(
            [.. kept.Select(i => Columns[i])],
            [.. Rows.Select(row => (IReadOnlyList<string>)[.. kept.Select(i => row[i])])]);
    }

    private static string Remark(MethodSummary method)
    {
        if (method.Diverged == 0)
        {
            return method.Interrupted ? "interrupted" : "";
        }

        return method.Seeds == 1 ? "diverged" : $"{method.Diverged} of {method.Seeds} diverged";
    }
}
