using System.Text;
using Residuum.Training.Data;

namespace Residuum.Training.Tests.Data;

/// <summary>Bytes and tokens of each part as data/README.md states them.</summary>
public sealed class StateOfTheUnionTests
{
    private static readonly string Text = Vendored.Folder.PathOf(StateOfTheUnion.File);

    [Fact]
    public void Bytes_of_the_parts_are_the_documented_ones()
    {
        DataSplit<TokenStream> split = StateOfTheUnion.Load(Text, new ByteTokenizer());
        Assert.Equal((8_770_190, 1_052_891, 947_425), (split.Train.Bytes, split.Validation.Bytes, split.Test.Bytes));
        Assert.Equal((8_770_190, 1_052_891, 947_425), (split.Train.Count, split.Validation.Count, split.Test.Count));
        Assert.Equal(256, split.Train.Vocabulary);
        Assert.Equal("=== 1790 George Washington (none)\n", Beginning(split.Train, 34));
        Assert.StartsWith("=== 1799 John Adams", Beginning(split.Validation, 40), StringComparison.Ordinal);
        Assert.StartsWith("=== 1800 John Adams", Beginning(split.Test, 40), StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_of_the_parts_are_the_documented_ones()
    {
        BytePairTokenizer tokenizer = BytePairTokenizer.Load(Vendored.Folder.PathOf(StateOfTheUnion.MergesFile));
        DataSplit<TokenStream> split = StateOfTheUnion.Load(Text, tokenizer);
        Assert.Equal((1_691_604, 202_144, 182_727), (split.Train.Count, split.Validation.Count, split.Test.Count));
        Assert.Equal(2_076_475, split.Train.Count + split.Validation.Count + split.Test.Count);
        Assert.Equal((8_770_190, 1_052_891, 947_425), (split.Train.Bytes, split.Validation.Bytes, split.Test.Bytes));
        HashSet<ushort> distinct = [.. split.Train.Tokens, .. split.Validation.Tokens, .. split.Test.Tokens];
        Assert.Equal(25_158, distinct.Count);
        // Nothing is lost: the ids of a part stand for as many bytes as the part has.
        Assert.Equal(1_052_891, tokenizer.Decode(split.Validation.Tokens).Length);
    }

    [Fact]
    public void Speeches_go_to_the_parts_by_their_numbers()
    {
        using TemporaryFolder folder = new();
        StringBuilder text = new();
        for (int i = 1; i <= 21; i++)
        {
            text.Append($"=== {i}\nbody {i}\n");
        }

        DataSplit<TokenStream> split = StateOfTheUnion.Load(folder.Write("x.txt", text.ToString()), new ByteTokenizer());
        Assert.Equal("=== 10\nbody 10\n=== 20\nbody 20\n", Beginning(split.Validation, split.Validation.Count));
        Assert.Equal("=== 11\nbody 11\n=== 21\nbody 21\n", Beginning(split.Test, split.Test.Count));
        Assert.Equal(text.Length, split.Train.Bytes + split.Validation.Bytes + split.Test.Bytes);
    }

    [Theory]
    [InlineData("", "line 1", "0 speeches")]
    [InlineData("a speech\n", "line 1", "header line")]
    [InlineData("=== 1\n", "line 1", "followed by the speech")]
    [InlineData("=== 1\n=== 2\nbody\n", "line 2", "followed by the speech")]
    [InlineData("=== 1\nbody\nbody\n", "line 3", "header line")]
    [InlineData("=== 1\nbody\n", "line 2", "1 speeches")]
    public void A_text_of_another_form_is_refused_with_its_line(string content, string position, string problem)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("x.txt", content);
        DataFormatException exception = Assert.Throws<DataFormatException>(() => StateOfTheUnion.Load(file, new ByteTokenizer()));
        Assert.Equal(position, exception.Position);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_gzip_text_is_refused()
    {
        using TemporaryFolder folder = new();
        byte[] whole = File.ReadAllBytes(Text);
        string file = folder.Write("x.txt.gz", whole[..(whole.Length / 2)]);
        DataFormatException exception = Assert.Throws<DataFormatException>(() => StateOfTheUnion.Load(file, new ByteTokenizer()));
        Assert.Contains("the file was cut", exception.Message, StringComparison.Ordinal);
    }

    private static string Beginning(TokenStream stream, int count) =>
        Encoding.UTF8.GetString(new ByteTokenizer().Decode(stream.Tokens[..count]));
}
