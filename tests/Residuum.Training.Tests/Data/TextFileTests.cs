using System.Text;
using Residuum.Training.Data;

namespace Residuum.Training.Tests.Data;

public sealed class TextFileTests
{
    [Fact]
    public void Parts_are_cut_at_line_ends_and_lose_nothing()
    {
        using TemporaryFolder folder = new();
        string text = string.Concat(Enumerable.Range(0, 200).Select(i => $"line {i}\n"));
        DataSplit<TokenStream> split = TextFile.Load(folder.Write("x.txt", text), new ByteTokenizer());
        Assert.Equal(text, Text(split.Train) + Text(split.Validation) + Text(split.Test));
        Assert.All([split.Train, split.Validation, split.Test], part => Assert.EndsWith("\n", Text(part), StringComparison.Ordinal));
        Assert.InRange(split.Train.Bytes, text.Length * 90 / 100, (text.Length * 90 / 100) + 10);
        Assert.InRange(split.Test.Bytes, (text.Length * 5 / 100) - 10, (text.Length * 5 / 100) + 1);
    }

    [Fact]
    public void A_text_of_one_line_is_cut_between_characters()
    {
        using TemporaryFolder folder = new();
        string text = string.Concat(Enumerable.Repeat("你", 100));
        DataSplit<TokenStream> split = TextFile.Load(folder.Write("x.txt", text), new ByteTokenizer());
        Assert.Equal((270, 15, 15), (split.Train.Bytes, split.Validation.Bytes, split.Test.Bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("a line that is long enough\nx")]
    public void A_text_too_short_for_three_parts_is_refused(string text)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("x.txt", text);
        Assert.Contains("three parts", Assert.Throws<DataFormatException>(() => TextFile.Load(file, new ByteTokenizer())).Message,
            StringComparison.Ordinal);
    }

    private static string Text(TokenStream stream) => Encoding.UTF8.GetString(new ByteTokenizer().Decode(stream.Tokens));
}
