using Residuum.Training.Data;

namespace Residuum.Training.Tests.Data;

/// <summary>Counts that data/README.md states for the glosses, and own files.</summary>
public sealed class LabelledTextsTests
{
    private static readonly LabelledTexts Glosses = LabelledTexts.LoadGlosses(Vendored.Folder.Glosses);

    [Fact]
    public void Rows_classes_and_vocabulary_are_the_documented_ones()
    {
        Assert.Equal((97_659, 10_000, 10_000), (Glosses.Bags.Train.Count, Glosses.Bags.Validation.Count, Glosses.Bags.Test.Count));
        Assert.Equal(45, Glosses.ClassNames.Count);
        Assert.Equal(("adj.all", "adj.ppl"), (Glosses.ClassNames[0], Glosses.ClassNames[44]));
        // 31,137 words and id 0.
        Assert.Equal(31_138, Glosses.Vocabulary.Size);
        Assert.Equal(1_468_606, Glosses.Bags.Train.TotalIds + Glosses.Bags.Validation.TotalIds + Glosses.Bags.Test.TotalIds);
    }

    [Fact]
    public void Class_sizes_are_the_documented_ones()
    {
        int[] expected =
        [
            14435, 3661, 3621, 51, 6650, 7509, 11587, 3039, 2016, 2964, 5607, 1074, 428, 2573, 2624, 3209, 42, 1545, 11087, 641, 8030,
            1061, 770, 1275, 437, 341, 3544, 2983, 1028, 547, 2383, 695, 1548, 459, 243, 2196, 694, 343, 1408, 461, 847, 1106, 756, 81, 60,
        ];
        int[] sizes = new int[45];
        foreach (BagSet part in new[] { Glosses.Bags.Train, Glosses.Bags.Validation, Glosses.Bags.Test })
        {
            foreach (int label in part.Labels)
            {
                sizes[label]++;
            }
        }

        Assert.Equal(expected, sizes);
        Assert.Equal(1_251, Glosses.Bags.Validation.Labels.Count(0));
        Assert.Equal(1_183, Glosses.Bags.Test.Labels.Count(0));
    }

    [Fact]
    public void The_share_of_unknown_words_in_the_test_part_is_the_documented_one()
    {
        int unknown = 0;
        for (int row = 0; row < Glosses.Bags.Test.Count; row++)
        {
            unknown += Glosses.Bags.Test.Bag(row).Count(0);
        }

        Assert.Equal(0.0291, Math.Round((double)unknown / Glosses.Bags.Test.TotalIds, 4));
    }

    [Fact]
    public void A_batch_is_the_chosen_bags_one_after_the_other()
    {
        BagSet train = Glosses.Bags.Train;
        int[] rows = [5, 0, 97_658];
        int[] ids = new int[rows.Length * train.LongestBag];
        int[] offsets = new int[4];
        int[] labels = new int[3];
        int written = train.CopyBatch(rows, ids, offsets, labels);
        Assert.Equal((0, written), (offsets[0], offsets[3]));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(train.Bag(rows[i]).ToArray(), ids[offsets[i]..offsets[i + 1]]);
            Assert.Equal(train.Labels[rows[i]], labels[i]);
        }
    }

    [Fact]
    public void Own_files_have_classes_and_words_of_their_own()
    {
        using TemporaryFolder folder = new();
        string rows = string.Concat(Enumerable.Range(0, 5).Select(_ => "good\tA fine, fine day!\nbad\tnaïve rain 7\n"));
        LabelledTexts texts = LabelledTexts.Load(folder.Write("x.tsv", rows));
        Assert.Equal((8, 1, 1), (texts.Bags.Train.Count, texts.Bags.Validation.Count, texts.Bags.Test.Count));
        Assert.Equal(["good", "bad"], texts.ClassNames);
        // fine (twice in the first row), then a, day, na, ve, rain, each at its second occurrence.
        Assert.Equal(7, texts.Vocabulary.Size);
        Assert.Equal(1, texts.Vocabulary.IdOf("FINE"u8));
        Assert.Equal(0, texts.Vocabulary.IdOf("snow"u8));
        Assert.Equal(new[] { 2, 1, 1, 3 }, texts.Bags.Train.Bag(0).ToArray());
        Assert.Equal(new[] { 4, 5, 6 }, texts.Bags.Train.Bag(1).ToArray());
        Assert.Equal(new[] { 1 }, texts.Bags.Test.Labels.ToArray());
    }

    [Fact]
    public void A_word_seen_once_has_id_zero_and_a_text_without_words_an_empty_bag()
    {
        using TemporaryFolder folder = new();
        string rows = string.Concat(Enumerable.Range(0, 9).Select(i => $"0\t{(char)('a' + i)}\n")) + "0\t7, 8\n";
        LabelledTexts texts = LabelledTexts.Load(folder.Write("x.tsv", rows));
        Assert.Equal(1, texts.Vocabulary.Size);
        Assert.Equal(new[] { 0 }, texts.Bags.Train.Bag(0).ToArray());
        Assert.True(texts.Bags.Test.Bag(0).IsEmpty);
    }

    [Theory]
    [InlineData("0 no tab\n", "line 1", "a tab")]
    [InlineData("0\ta\n\tb\n", "line 2", "a tab")]
    [InlineData("0\ta\n0\tb\n", "line 2", "2 rows")]
    [InlineData("", "line 1", "0 rows")]
    public void A_file_of_another_form_is_refused_with_its_line(string content, string position, string problem)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("x.tsv", content);
        DataFormatException exception = Assert.Throws<DataFormatException>(() => LabelledTexts.Load(file));
        Assert.Equal(position, exception.Position);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gloss_of_an_unlisted_class_is_refused()
    {
        using TemporaryFolder folder = new();
        folder.Write("classes.tsv", "0\tone\n1\ttwo\n");
        folder.Write("wordnet-glosses.tsv.gz", TemporaryFolder.Gzip("0\ta\n2\tb\n"u8.ToArray()));
        DataFormatException exception = Assert.Throws<DataFormatException>(() => LabelledTexts.LoadGlosses(folder.Root));
        Assert.Equal("line 2", exception.Position);
        Assert.Contains("class 2 is not one of the 2", exception.Message, StringComparison.Ordinal);
    }
}
