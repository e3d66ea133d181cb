using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Residuum.Training.Data;

/// <summary>Reads a file's content from front to back, decompressing gzip, and turns every way to end early into a
/// <see cref="DataFormatException"/>.</summary>
/// <remarks>
/// A file is taken for gzip when it begins with the two bytes of gzip's magic number, whatever its name. The runtime's reader checks the
/// sum at gzip's end only if the end is there, and takes a file that was cut for one that is complete; so the length in the last four bytes
/// is compared here. That length is of the last member alone, so a file of several members is refused too.
/// </remarks>
internal sealed class DataReader : IDisposable
{
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly ArrayBufferWriter<byte> _lineBuffer = new(256);
    private readonly uint? _gzipLength;
    private int _next;
    private int _filled;
    private long _read;
    private long _line;

    public DataReader(string file)
    {
        File = file;
        FileStream raw = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        try
        {
            bool isGzip = raw.ReadByte() == 0x1F && raw.ReadByte() == 0x8B;
            _gzipLength = isGzip ? LastWord(raw) : null;
            raw.Position = 0;
            if (!isGzip && file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                throw new DataFormatException(file, "byte 0", "the name ends in .gz but the content does not begin with gzip's 1F 8B.");
            }

            _stream = isGzip ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        }
        catch
        {
            raw.Dispose();
            throw;
        }
    }

    public string File { get; }

    /// <summary>How many bytes of the content were handed out.</summary>
    public long Position { get; private set; }

    /// <summary>How many bytes of content a file has at most that a managed array can hold.</summary>
    public static long LongestContent => Array.MaxLength;

    /// <summary>Fills <paramref name="target"/> or says that the content ends before <paramref name="what"/> is complete.</summary>
    public void ReadExactly(Span<byte> target, string what)
    {
        long start = Position;
        int done = 0;
        while (done < target.Length)
        {
            if (_next == _filled && !Refill())
            {
                throw Wrong(start + done, $"the content ends here, {target.Length - done} bytes before the end of {what}.");
            }

            int taken = Math.Min(_filled - _next, target.Length - done);
            _buffer.AsSpan(_next, taken).CopyTo(target[done..]);
            _next += taken;
            done += taken;
            Position += taken;
        }
    }

    /// <summary>Says that something follows <paramref name="what"/>, if something does.</summary>
    public void ExpectEnd(string what)
    {
        if (_next < _filled || Refill())
        {
            throw Wrong(Position, $"{what} ends here but the content goes on.");
        }
    }

    /// <summary>Everything from the present position on.</summary>
    public byte[] ReadToEnd()
    {
        using MemoryStream content = new();
        while (_next < _filled || Refill())
        {
            if (content.Length + _filled - _next > LongestContent)
            {
                throw Wrong(Position, $"the content is longer than the {LongestContent} bytes that fit one array.");
            }

            content.Write(_buffer, _next, _filled - _next);
            Position += _filled - _next;
            _next = _filled;
        }

        return content.ToArray();
    }

    /// <summary>The next line without its end (<c>\n</c> or <c>\r\n</c>), valid until the next call; false at the end. The last line may
    /// lack its end.</summary>
    public bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        _lineBuffer.ResetWrittenCount();
        bool ended = false;
        while (!ended && (_next < _filled || Refill()))
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_next, _filled - _next);
            int end = rest.IndexOf((byte)'\n');
            ended = end >= 0;
            int taken = ended ? end + 1 : rest.Length;
            if (_lineBuffer.WrittenCount + (long)taken > LongestContent)
            {
                throw WrongLine($"the line is longer than the {LongestContent} bytes that fit one array.");
            }

            _lineBuffer.Write(rest[..taken]);
            _next += taken;
            Position += taken;
        }

        line = _lineBuffer.WrittenSpan;
        if (line.IsEmpty)
        {
            return false;
        }

        _line++;
        line = ended ? line[..^1] : line;
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        return true;
    }

    /// <summary>A problem of the line that was read last.</summary>
    public DataFormatException WrongLine(string problem) => new(File, $"line {Math.Max(1, _line)}", problem);

    public DataFormatException Wrong(long position, string problem) => new(File, $"byte {position}", problem);

    public void Dispose() => _stream.Dispose();

    private static uint LastWord(FileStream raw)
    {
        Span<byte> word = [0, 0, 0, 0];
        Span<byte> tail = word[..(int)Math.Min(4, raw.Length)];
        raw.Seek(-tail.Length, SeekOrigin.End);
        raw.ReadExactly(tail);
        return BinaryPrimitives.ReadUInt32LittleEndian(word);
    }

    private bool Refill()
    {
        try
        {
            _next = 0;
            _filled = 0;
            _filled = _stream.Read(_buffer);
        }
        catch (InvalidDataException exception)
        {
            throw new DataFormatException(File, $"byte {_read}", "the gzip data are damaged after this byte of content.", exception);
        }

        _read += _filled;
        if (_filled == 0 && _gzipLength is uint length && length != (uint)_read)
        {
            throw Wrong(
                _read, $"the gzip data end here but state a length of {length} bytes: the file was cut, or joined of several gzip files.");
        }

        return _filled > 0;
    }
}
