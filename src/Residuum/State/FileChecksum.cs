using System.Globalization;
using System.Text;

namespace Residuum.State;

/// <summary>
/// The checksum of a checkpoint, in its metadata: XXH64 over the whole file, header included, taken while the checksum's own digits are
/// zeros.
/// </summary>
internal static class FileChecksum
{
    /// <summary>The metadata's key.</summary>
    public const string Key = "checksum";

    /// <summary>What stands there while the checksum is taken.</summary>
    public const string Placeholder = "xxh64:0000000000000000";

    private const int BufferBytes = 1 << 20;

    public static string Format(ulong hash) => "xxh64:" + hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Whether the file is, byte for byte, the one whose checksum it states.</summary>
    /// <param name="file">A file whose metadata has <see cref="Key"/>.</param>
    public static bool Agrees(SafetensorsFile file)
    {
        string stated = file.Metadata[Key];
        byte[] header = new byte[file.BufferOffset];
        using (Stream start = file.OpenRange(0, header.Length))
        {
            start.ReadExactly(header);
        }

        // With its quotes the member cannot be part of another text, where quotes are escaped.
        int position = header.AsSpan().IndexOf(Member(stated));
        if (stated.Length != Placeholder.Length || position < 0)
        {
            return false;
        }

        Member(Placeholder).CopyTo(header.AsSpan(position));
        XxHash64 hash = new();
        hash.Append(header);
        long length = file.Tensors.Sum(tensor => tensor.Bytes);
        byte[] buffer = new byte[Math.Min(BufferBytes, Math.Max(1, length))];
        using Stream rest = file.OpenRange(file.BufferOffset, length);
        int count;
        while ((count = rest.Read(buffer)) > 0)
        {
            hash.Append(buffer.AsSpan(0, count));
        }

        return Format(hash.Hash()) == stated;
    }

    private static byte[] Member(string value) => Encoding.UTF8.GetBytes($"\"{Key}\":\"{value}\"");
}
