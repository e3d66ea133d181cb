using Residuum.Training.Data;

namespace Residuum.Training.Tests.Data;

/// <summary>Counts and sums that data/README.md states for the four tables, and hostile rows.</summary>
public sealed class LibsvmTests
{
    [Theory]
    [InlineData("spam", 4_601, 57, 59_231, 1_813, 4118.124514, 974.9119110)]
    [InlineData("dna", 3_186, 180, 144_902, 1_654, 144902, 144902)]
    [InlineData("grants", 8_190, 1_824, 208_750, 3_803, 91092.29856, 75040.49393)]
    [InlineData("letter", 20_000, 16, 311_613, 0, 126409.9333, 61961.71111)]
    public void Tables_have_the_documented_counts_and_sums(
        string name, int rows, int features, int nonZeros, int positive, double sum, double squares)
    {
        SparseTable table = SparseTable.Load(Vendored.Folder.PathOf($"tabular/{name}.libsvm.gz"));
        Assert.Equal((rows, features, nonZeros), (table.Count, table.Features, table.NonZeros));
        double total = 0;
        double totalOfSquares = 0;
        for (int row = 0; row < table.Count; row++)
        {
            foreach (double value in table.Values(row))
            {
                Assert.InRange(value, 0, 1);
                total += value;
                totalOfSquares += value * value;
            }
        }

        // The documented sums have ten digits.
        Assert.Equal(sum, total, sum * 1e-9);
        Assert.Equal(squares, totalOfSquares, squares * 1e-9);
        if (positive > 0)
        {
            Assert.Equal((positive, rows - positive), (table.Labels.Count(1), table.Labels.Count(-1)));
        }
        else
        {
            Assert.Equal(Enumerable.Range(1, 26).Select(l => (double)l), table.Labels.ToArray().Distinct().Order());
        }
    }

    [Fact]
    public void Streaming_and_whole_reading_agree()
    {
        string file = Vendored.Folder.PathOf("tabular/spam.libsvm.gz");
        SparseTable table = SparseTable.Load(file);
        using LibsvmReader reader = new(file);
        int row = 0;
        while (reader.Read())
        {
            Assert.Equal(table.Labels[row], reader.Label);
            Assert.True(table.Indices(row).SequenceEqual(reader.Indices) && table.Values(row).SequenceEqual(reader.Values));
            row++;
        }

        Assert.Equal(table.Count, row);
    }

    [Fact]
    public void Rows_are_read_with_signs_tabs_exponents_and_without_the_last_line_end()
    {
        using TemporaryFolder folder = new();
        SparseTable table = SparseTable.Load(folder.Write("x", "+1 1:0.5\t3:-2e-3 \r\n-1\r\n2.5 2:1"));
        Assert.Equal(new double[] { 1, -1, 2.5 }, table.Labels.ToArray());
        Assert.Equal(new[] { 0, 2 }, table.Indices(0).ToArray());
        Assert.Equal(new[] { 0.5, -2e-3 }, table.Values(0).ToArray());
        Assert.True(table.Indices(1).IsEmpty);
        Assert.Equal(3, table.Features);
    }

    [Theory]
    [InlineData("", "line 1", "no row")]
    [InlineData("\n", "line 1", "label")]
    [InlineData("yes 1:1\n", "line 1", "label 'yes'")]
    [InlineData("1 1:1\nNaN 1:1\n", "line 2", "label 'NaN'")]
    [InlineData("1 1\n", "line 1", "entry 1 is not")]
    [InlineData("1 qid:3 1:1\n", "line 1", "entry qid:3")]
    [InlineData("1 -1:1\n", "line 1", "entry -1:1")]
    [InlineData("1 99999999999:1\n", "line 1", "whole number")]
    [InlineData("1 0:1\n", "line 1", "index 0 follows 0")]
    [InlineData("1 2:1 2:1\n", "line 1", "index 2 follows 2")]
    [InlineData("1 3:1 2:1\n", "line 1", "index 2 follows 3")]
    [InlineData("1 1:\n", "line 1", "value ''")]
    [InlineData("1 1:inf\n", "line 1", "value 'inf'")]
    [InlineData("1 1:1e999\n", "line 1", "value '1e999'")]
    [InlineData("1 1:1,5\n", "line 1", "value '1,5'")]
    [InlineData("1 1:1 # note\n", "line 1", "entry #")]
    public void A_hostile_row_is_refused_with_its_line(string content, string position, string problem)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("x.libsvm", content);
        DataFormatException exception = Assert.Throws<DataFormatException>(() => SparseTable.Load(file));
        Assert.Equal(position, exception.Position);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }
}
