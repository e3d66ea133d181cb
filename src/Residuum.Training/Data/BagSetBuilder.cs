namespace Residuum.Training.Data;

/// <summary>Collects labelled bags row by row.</summary>
internal sealed class BagSetBuilder
{
    private readonly List<int> _ids = [];
    private readonly List<int> _offsets = [0];
    private readonly List<int> _labels = [];

    public void Add(ReadOnlySpan<byte> text, WordVocabulary vocabulary, int label)
    {
        foreach (Range word in new Words(text))
        {
            _ids.Add(vocabulary.IdOf(text[word]));
        }

        _offsets.Add(_ids.Count);
        _labels.Add(label);
    }

    public BagSet Build() => new([.. _ids], [.. _offsets], [.. _labels]);
}
