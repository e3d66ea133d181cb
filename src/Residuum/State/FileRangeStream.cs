using Microsoft.Win32.SafeHandles;

namespace Residuum.State;

/// <summary>A part of a file as a stream for reading; the file may be read by others at the same time.</summary>
internal sealed class FileRangeStream(SafeFileHandle handle, long offset, long length) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException("The stream is read from beginning to end.");
    }

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, length - _position);
        if (wanted == 0)
        {
            return 0;
        }

        int count = RandomAccess.Read(handle, buffer[..wanted], offset + _position);
        if (count == 0)
        {
            throw new SafetensorsException(
                SafetensorsError.Truncated,
                $"The file ends at byte {offset + _position}, {length - _position} bytes before it should; somebody truncated it.");
        }

        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException("The stream is read from beginning to end.");

    public override void SetLength(long value) => throw new NotSupportedException("The stream is for reading.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is for reading.");
}
