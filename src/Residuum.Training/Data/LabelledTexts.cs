using System.Text;

namespace Residuum.Training.Data;

/// <summary>A tab-separated file of label and text, one row a line, and its bags of words.</summary>
public sealed class LabelledTexts
{
    private const int VendoredTrain = 97_659;
    private const int VendoredValidation = 10_000;

    private LabelledTexts(DataSplit<BagSet> bags, WordVocabulary vocabulary, IReadOnlyList<string> classNames)
    {
        Bags = bags;
        Vocabulary = vocabulary;
        ClassNames = classNames;
    }

    /// <summary>The parts as bags of word ids.</summary>
    public DataSplit<BagSet> Bags { get; }

    /// <summary>The words of the training part.</summary>
    public WordVocabulary Vocabulary { get; }

    /// <summary>The name of every class; a row's label is the index.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Reads the vendored definitions of WordNet in 45 classes: lines 1-97,659 training, the next 10,000 validation, the rest
    /// test.</summary>
    /// <param name="folder">The folder that holds <c>wordnet-glosses.tsv.gz</c> and <c>classes.tsv</c>.</param>
    /// <exception cref="DataFormatException">A line of another form, a class that is not listed.</exception>
    public static LabelledTexts LoadGlosses(string folder)
    {
        List<string> names = ReadClassNames(Path.Combine(folder, "classes.tsv"));
        Dictionary<string, int> classes = new(StringComparer.Ordinal);
        for (int i = 0; i < names.Count; i++)
        {
            classes.Add(i.ToString(System.Globalization.CultureInfo.InvariantCulture), i);
        }

        string file = Path.Combine(folder, "wordnet-glosses.tsv.gz");
        return Read(file, classes, names, newClasses: false, _ => (VendoredTrain, VendoredValidation));
    }

    /// <summary>Reads a file of the user's: lines <c>LABEL TAB TEXT</c>; the first 80 % are for training, the next 10 % for validation, the
    /// rest for test.</summary>
    /// <remarks>Labels are any text; the classes are numbered in the order of their first occurrence. The rows are taken as they come:
    /// shuffle them before.</remarks>
    /// <param name="file">The file, plain or gzip.</param>
    /// <exception cref="DataFormatException">A line without a tab or label, or too few lines for three parts.</exception>
    public static LabelledTexts Load(string file) =>
        Read(file, new Dictionary<string, int>(StringComparer.Ordinal), [], newClasses: true, EightToOneToOne);

    private static (int Train, int Validation) EightToOneToOne(int count)
    {
        int train = (int)(count * 8L / 10);
        return (train, (int)(count * 9L / 10) - train);
    }

    private static LabelledTexts Read(
        string file, Dictionary<string, int> classes, List<string> names, bool newClasses, Func<int, (int Train, int Validation)> split)
    {
        using DataReader reader = new(file);
        List<byte[]> texts = [];
        List<int> labels = [];
        while (reader.TryReadLine(out ReadOnlySpan<byte> line))
        {
            int tab = line.IndexOf((byte)'\t');
            if (tab <= 0)
            {
                throw reader.WrongLine("a line must be a label, a tab and a text.");
            }

            string name = Encoding.UTF8.GetString(line[..tab]);
            if (!classes.TryGetValue(name, out int label))
            {
                if (!newClasses)
                {
                    throw reader.WrongLine($"the class {name} is not one of the {names.Count} that classes.tsv lists.");
                }

                label = names.Count;
                classes.Add(name, label);
                names.Add(name);
            }

            labels.Add(label);
            texts.Add(line[(tab + 1)..].ToArray());
        }

        (int train, int validation) = split(texts.Count);
        int test = texts.Count - train - validation;
        if (train < 1 || validation < 1 || test < 1)
        {
            throw reader.WrongLine($"the file ends after {texts.Count} rows; that is too few for the three parts.");
        }

        WordVocabulary vocabulary = new(texts.Take(train));
        DataSplit<BagSet> bags = new(Part(0, train), Part(train, validation), Part(train + validation, test));
        return new LabelledTexts(bags, vocabulary, names);

        BagSet Part(int start, int count)
        {
            BagSetBuilder builder = new();
            for (int row = start; row < start + count; row++)
            {
                builder.Add(texts[row], vocabulary, labels[row]);
            }

            return builder.Build();
        }
    }

    /// <summary>Lines <c>NUMBER TAB NAME</c>, numbered from 0.</summary>
    private static List<string> ReadClassNames(string file)
    {
        using DataReader reader = new(file);
        List<string> names = [];
        while (reader.TryReadLine(out ReadOnlySpan<byte> line))
        {
            string[] fields = Encoding.UTF8.GetString(line).Split('\t');
            if (fields.Length != 2 || fields[0] != names.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))
            {
                throw reader.WrongLine($"a line must be the class's number, here {names.Count}, a tab and its name.");
            }

            names.Add(fields[1]);
        }

        return names;
    }
}
