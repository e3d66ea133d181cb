namespace Residuum.State;

/// <summary>Hashes and counts what goes through it.</summary>
internal sealed class ChecksumStream(Stream destination) : Stream
{
    private readonly XxHash64 _hash = new();

    public long Written { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Written;

    public override long Position
    {
        get => Written;
        set => throw new NotSupportedException("The stream is written from beginning to end.");
    }

    public ulong Hash() => _hash.Hash();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        destination.Write(buffer);
        _hash.Append(buffer);
        Written += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => destination.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is for writing.");

    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException("The stream is written from beginning to end.");

    public override void SetLength(long value) => throw new NotSupportedException("The stream is written from beginning to end.");
}
