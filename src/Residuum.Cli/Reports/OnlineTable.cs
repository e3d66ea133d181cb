using Residuum.Training.Online;

namespace Residuum.Cli.Reports;

/// <summary>The table of <c>residuum online</c>: the best run of every method.</summary>
internal static class OnlineTable
{
    /// <summary>Makes the table.</summary>
    /// <param name="best">The best run of every method.</param>
    /// <param name="all">All runs, to say whether the best stands at the end of what was tried.</param>
    public static ResultsTable Of(IReadOnlyList<OnlineResult> best, IReadOnlyList<OnlineResult> all)
    {
        bool hasDelta = best.Any(result => result.Delta is not null);
        string[] remarks = [.. best.Select(result => Remark(result, [.. all.Where(other => other.Choice == result.Choice)]))];
        List<TableColumn> columns = [new("optimizer", "", IsText: true), new("rate", "")];
        columns.AddRange(hasDelta ? [new TableColumn("delta", "")] : []);
        columns.AddRange([new("average loss", ""), new("accuracy", "%"), new("state", "")]);
        bool hasRemarks = remarks.Any(remark => remark.Length > 0);
        columns.AddRange(hasRemarks ? [new TableColumn("remark", "", IsText: true)] : []);
        return new ResultsTable(columns, [.. best.Zip(remarks, (result, remark) => Row(result, hasDelta, hasRemarks ? remark : null))]);
    }

    private static List<string> Row(OnlineResult result, bool hasDelta, string? remark)
    {
        List<string> row = [result.Choice.Text, NumberText.Rate(result.Rate)];
        row.AddRange(hasDelta ? [result.Delta is double delta ? NumberText.Rate(delta) : "-"] : []);
        row.AddRange([NumberText.Loss(result.AverageLoss), NumberText.Percent(result.Accuracy), NumberText.Bytes(result.StateBytes)]);
        row.AddRange(remark is null ? [] : [remark]);
        return row;
    }

    private static string Remark(OnlineResult best, OnlineResult[] tried)
    {
        if (best.Diverged)
        {
            return "diverged";
        }

        bool isAtEnd = tried.Length > 1 && (best.Rate == tried.Max(run => run.Rate) || best.Rate == tried.Min(run => run.Rate));
        return isAtEnd ? "at the end of the rates tried" : "";
    }
}
