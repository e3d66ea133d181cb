using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Residuum.Numerics;
using Residuum.Training.Data;

namespace Residuum.Training.Tests.Data;

public sealed class BytePairTokenizerTests
{
    private static readonly BytePairTokenizer Tokenizer = BytePairTokenizer.Load(Vendored.Folder.PathOf(StateOfTheUnion.MergesFile));

    public static TheoryData<string> CaseNames()
    {
        TheoryData<string> names = [];
        foreach (JsonElement item in Cases())
        {
            names.Add(item.GetProperty("name").GetString()!);
        }

        return names;
    }

    [Fact]
    public void The_golden_file_has_20_cases() => Assert.Equal(20, Cases().Length);

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Golden_ids_are_reproduced_and_decoded_back(string name)
    {
        JsonElement golden = Cases().Single(c => c.GetProperty("name").GetString() == name);
        byte[] text = Encoding.UTF8.GetBytes(golden.GetProperty("text").GetString()!);
        ushort[] expected = [.. golden.GetProperty("ids").EnumerateArray().Select(id => id.GetUInt16())];
        Assert.Equal(expected, Tokenizer.Encode(text));
        Assert.Equal(text, Tokenizer.Decode(expected));
    }

    [Fact]
    public void The_merges_make_the_vocabulary_of_the_json_file()
    {
        using GZipStream json = new(File.OpenRead(Vendored.Folder.PathOf("tokenizer/gpt2/encoder.json.gz")), CompressionMode.Decompress);
        using JsonDocument vocabulary = JsonDocument.Parse(json);
        Dictionary<char, byte> byteOf = BytePairTokenizer.ByteCharacters().ToDictionary(p => p.Character, p => p.Byte);
        int count = 0;
        foreach (JsonProperty entry in vocabulary.RootElement.EnumerateObject())
        {
            count++;
            int id = entry.Value.GetInt32();
            byte[] expected = id == 50_256 ? "<|endoftext|>"u8.ToArray() : [.. entry.Name.Select(c => byteOf[c])];
            Assert.Equal(expected, Tokenizer.BytesOf(id).ToArray());
        }

        Assert.Equal((50_257, 50_257, 50_256), (count, Tokenizer.Vocabulary, Tokenizer.EndOfText));
    }

    [Fact]
    public void Any_bytes_survive_the_way_there_and_back() =>
        Prop.ForAll<byte[]>(bytes => Tokenizer.Decode(Tokenizer.Encode(bytes)).AsSpan().SequenceEqual(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_string_survives_the_way_there_and_back() => Prop.ForAll<string>(text =>
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text ?? "");
        return Tokenizer.Decode(Tokenizer.Encode(bytes)).AsSpan().SequenceEqual(bytes);
    }).QuickCheckThrowOnFailure();

    /// <summary>The pieces are those of the original's regular expression wherever .NET's sees the same characters (the basic
    /// plane).</summary>
    [Fact]
    public void Pieces_agree_with_the_regular_expression()
    {
        const string Space = @"\t-\r \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";
        System.Text.RegularExpressions.Regex pattern = new(
            $@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{{L}}+| ?\p{{N}}+| ?[^{Space}\p{{L}}\p{{N}}]+|[{Space}]+(?![^{Space}])|[{Space}]+",
            System.Text.RegularExpressions.RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        Gen<char> character = Gen.Elements<char>([.. "  \n\t''stremvld ab9\u00BD.,é\u00A0\u0085\uFEFF\u3000你\u0301"]);
        Prop.ForAll(character.ListOf().Select(c => new string([.. c])).ToArbitrary(), text =>
        {
            List<string> pieces = [];
            ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
            while (!rest.IsEmpty)
            {
                int length = TextPieces.FirstLength(rest);
                pieces.Add(Encoding.UTF8.GetString(rest[..length]));
                rest = rest[length..];
            }

            return pieces.SequenceEqual(pattern.Matches(text).Select(m => m.Value));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void A_word_of_many_thousand_letters_is_encoded()
    {
        byte[] word = new byte[1 << 14];
        CounterRandom random = new(seed: 1, stream: 1);
        for (int i = 0; i < word.Length; i++)
        {
            word[i] = (byte)('a' + random.Below((ulong)i, 26));
        }

        ushort[] tokens = Tokenizer.Encode(word);
        Assert.Equal(word, Tokenizer.Decode(tokens));
        // Random letters make pairs, seldom longer tokens.
        Assert.InRange(tokens.Length, word.Length / 3, word.Length * 2 / 3);
    }

    [Fact]
    public void A_token_beyond_the_vocabulary_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer.Decode([50_257]));

    [Theory]
    [InlineData("", "line 1", "#version:")]
    [InlineData("a b\n", "line 1", "#version:")]
    [InlineData("#version: 0.2\na b\nab\n", "line 3", "two tokens")]
    [InlineData("#version: 0.2\na b\nabc d\n", "line 3", "two tokens")]
    [InlineData("#version: 0.2\na b c\n", "line 2", "two tokens")]
    [InlineData("#version: 0.2\na b\na b\n", "line 3", "made before")]
    public void A_hostile_file_of_merges_is_refused_with_its_line(string content, string position, string problem)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("vocab.bpe", content);
        DataFormatException exception = Assert.Throws<DataFormatException>(() => BytePairTokenizer.Load(file));
        Assert.Equal(position, exception.Position);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    private static JsonElement[] Cases()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Vendored.Folder.PathOf("tokenizer/tokens.json")));
        return [.. golden.RootElement.GetProperty("cases").Clone().EnumerateArray()];
    }
}
