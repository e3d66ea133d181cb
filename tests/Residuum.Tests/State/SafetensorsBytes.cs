using System.Buffers.Binary;
using System.Text;

namespace Residuum.Tests.State;

/// <summary>Files made by hand, well-formed or not.</summary>
internal static class SafetensorsBytes
{
    // interfaces.md, section 3: metadata format = residuum, tensor w, F32, shape [2], values 1 and -2.
    public static byte[] Golden => Convert.FromHexString(
        "60000000000000007b225f5f6d657461646174615f5f223a7b22666f726d6174223a22726573696475756d227d2c2277223a7b226474797065223a" +
        "22463332222c227368617065223a5b325d2c22646174615f6f666673657473223a5b302c385d7d7d20202020200000803f000000c0");

    public static byte[] Of(string header, int bufferBytes) => Of(Encoding.UTF8.GetBytes(header), bufferBytes);

    public static byte[] Of(byte[] header, int bufferBytes) => WithLength((ulong)header.Length, [.. header, .. new byte[bufferBytes]]);

    public static byte[] WithLength(ulong length, byte[] rest)
    {
        byte[] file = new byte[8 + rest.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        rest.CopyTo(file, 8);
        return file;
    }
}
