namespace Residuum.Training.Data;

/// <summary>Enumerates the words of a text: the longest runs of the letters a to z, either case.</summary>
internal ref struct Words(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _next;

    public Range Current { get; private set; }

    public readonly Words GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_next < _text.Length && !char.IsAsciiLetter((char)_text[_next]))
        {
            _next++;
        }

        int start = _next;
        while (_next < _text.Length && char.IsAsciiLetter((char)_text[_next]))
        {
            _next++;
        }

        Current = start.._next;
        return _next > start;
    }
}
