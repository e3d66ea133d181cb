using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Residuum.State;

/// <summary>
/// A safetensors file open for reading. Every check of the format is made when it is opened; after that nothing in it can mislead.
/// </summary>
/// <remarks>
/// The file is read, never mapped into memory: a mapping of a file that somebody truncates ends the process. Tensors may be
/// longer than 2 GB.
/// Reading is safe from several threads.
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    private const int LengthBytes = 8;
    private const ulong LongestHeader = 100_000_000;

    private readonly SafeFileHandle _handle;
    private readonly Dictionary<string, TensorInfo> _byName;

    private SafetensorsFile(SafeFileHandle handle, string path)
    {
        _handle = handle;
        Path = path;
        long fileLength = RandomAccess.GetLength(handle);
        byte[] header = ReadHeader(fileLength);
        (List<SafetensorsHeaderReader.Entry> entries, Dictionary<string, string> metadata) = SafetensorsHeaderReader.Read(header);
        BufferOffset = LengthBytes + header.Length;
        Tensors = SafetensorsLayout.Check(entries, fileLength - BufferOffset);
        Metadata = metadata;
        _byName = Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The file's path, as given.</summary>
    public string Path { get; }

    /// <summary>Where the tensors' bytes begin in the file.</summary>
    public long BufferOffset { get; }

    /// <summary>The texts under <c>__metadata__</c>; empty if there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Opens a file and checks it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SafetensorsException">The file is malformed; nothing was read but its header.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle handle = File.OpenHandle(path);
        try
        {
            return new SafetensorsFile(handle, path);
        }
        catch (SafetensorsException exception)
        {
            handle.Dispose();
            throw exception.In(path);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Finds a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The tensor, or null.</returns>
    public TensorInfo? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>A tensor's bytes as a stream, whatever its type: for copying, or for tensors too long for an array.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="SafetensorsException">There is no such tensor.</exception>
    public Stream OpenTensor(string name)
    {
        TensorInfo tensor = Get(name);
        return new FileRangeStream(_handle, BufferOffset + tensor.Offset, tensor.Bytes);
    }

    /// <summary>Reads a tensor whose element type is that of the destination, bits unchanged.</summary>
    /// <typeparam name="T">The element: as many bytes as the tensor's; bfloat16 is <see cref="ushort"/>.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="type">The element type that it must have.</param>
    /// <param name="destination">As many elements as the tensor has.</param>
    /// <exception cref="SafetensorsException">There is no such tensor, it has another type, or the file became shorter.</exception>
    /// <exception cref="ArgumentException">The destination has another length or element size.</exception>
    public void Read<T>(string name, ElementType type, Span<T> destination)
        where T : unmanaged
    {
        TensorInfo tensor = Get(name);
        if (tensor.Type != type)
        {
            throw WrongType(tensor, type.SafetensorsName);
        }

        if ((long)destination.Length * Unsafe.SizeOf<T>() != tensor.Bytes || Unsafe.SizeOf<T>() != type.ByteSize)
        {
            string place = $"the destination has {destination.Length} elements of {Unsafe.SizeOf<T>()} bytes";
            throw new ArgumentException($"The tensor '{name}' has {tensor.Bytes} bytes, but {place}.", nameof(destination));
        }

        using Stream stream = OpenTensor(name);
        foreach (Range part in Parts(destination.Length))
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(destination[part]));
        }
    }

    /// <summary>Reads a tensor of F32, F16 or BF16 as float32, which holds all values of the three exactly.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="destination">As many elements as the tensor has.</param>
    /// <exception cref="SafetensorsException">There is no such tensor, it has another type, or the file became shorter.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void ReadAsFloat32(string name, Span<float> destination)
    {
        TensorInfo tensor = Get(name);
        switch (tensor.Type)
        {
            case ElementType.F32:
                Read(name, ElementType.F32, destination);
                break;
            case ElementType.F16:
                Half[] halves = new Half[destination.Length];
                Read(name, ElementType.F16, halves.AsSpan());
                for (int i = 0; i < halves.Length; i++)
                {
                    destination[i] = (float)halves[i];
                }

                break;
            case ElementType.BF16:
                ushort[] upper = new ushort[destination.Length];
                Read(name, ElementType.BF16, upper.AsSpan());
                for (int i = 0; i < upper.Length; i++)
                {
                    destination[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
                }

                break;
            default:
                throw WrongType(tensor, "F32, F16 or BF16");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    /// <summary>All bytes of the file from a position on, as a stream.</summary>
    internal Stream OpenRange(long offset, long length) => new FileRangeStream(_handle, offset, length);

    // A span's bytes are counted in 32 bits; a span of 8-byte elements may have more.
    private static IEnumerable<Range> Parts(int length)
    {
        const int Part = 1 << 27;
        for (long start = 0; start < length; start += Part)
        {
            yield return (int)start..(int)Math.Min(start + Part, length);
        }
    }

    private static SafetensorsException WrongType(TensorInfo tensor, string wanted) =>
        new(SafetensorsError.TypeMismatch, $"The tensor '{tensor.Name}' has the type {tensor.TypeName}; {wanted} is wanted here.");

    private TensorInfo Get(string name) => Find(name)
        ?? throw new SafetensorsException(SafetensorsError.TensorNotFound, $"The file '{Path}' has no tensor '{name}'.");

    private byte[] ReadHeader(long fileLength)
    {
        if (fileLength < LengthBytes)
        {
            throw new SafetensorsException(
                SafetensorsError.HeaderTooSmall, $"The file has {fileLength} bytes; a safetensors file has at least {LengthBytes}.");
        }

        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        OpenRange(0, LengthBytes).ReadExactly(lengthBytes);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > LongestHeader)
        {
            throw new SafetensorsException(
                SafetensorsError.HeaderTooLarge, $"The header would have {length} bytes; at most {LongestHeader} are allowed.");
        }

        if ((long)length > fileLength - LengthBytes)
        {
            throw new SafetensorsException(
                SafetensorsError.InvalidHeaderLength, $"The header would have {length} bytes, but the file has {fileLength}.");
        }

        byte[] header = new byte[length];
        OpenRange(LengthBytes, header.Length).ReadExactly(header);
        return header;
    }
}
