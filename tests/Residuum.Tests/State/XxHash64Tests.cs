using System.Text;
using Residuum.State;

namespace Residuum.Tests.State;

public class XxHash64Tests
{
    // The values of the algorithm's published test vectors.
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999UL)]
    [InlineData("a", 0xD24EC4F1A98C6E5BUL)]
    [InlineData("abc", 0x44BC2CF5AD770999UL)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1UL)]
    public void Known_texts_have_known_hashes(string text, ulong expected)
    {
        XxHash64 hash = new();
        hash.Append(Encoding.ASCII.GetBytes(text));
        Assert.Equal(expected, hash.Hash());
    }

    [Fact]
    public void Pieces_make_no_difference()
    {
        byte[] data = new byte[257];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = (byte)(i * 37);
        }

        for (int length = 0; length <= data.Length; length++)
        {
            XxHash64 whole = new();
            whole.Append(data.AsSpan(0, length));
            for (int piece = 1; piece < 70; piece += 6)
            {
                XxHash64 pieces = new();
                for (int start = 0; start < length; start += piece)
                {
                    pieces.Append(data.AsSpan(start, Math.Min(piece, length - start)));
                }

                Assert.Equal(whole.Hash(), pieces.Hash());
            }
        }
    }
}
