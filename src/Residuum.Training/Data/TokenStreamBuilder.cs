using System.Buffers;

namespace Residuum.Training.Data;

/// <summary>Collects a stream from texts that are encoded one by one.</summary>
internal sealed class TokenStreamBuilder(ITokenizer tokenizer)
{
    private readonly ArrayBufferWriter<ushort> _tokens = new(1 << 16);
    private long _bytes;

    public void Add(ReadOnlySpan<byte> text)
    {
        _tokens.Write(tokenizer.Encode(text));
        _bytes += text.Length;
    }

    public TokenStream Build() => new(_tokens.WrittenSpan.ToArray(), tokenizer.Vocabulary, _bytes);
}
