using System.Globalization;
using System.Text;

namespace Residuum.Training.Data;

/// <summary>Cuts a text into GPT-2's pieces, inside which byte pairs are merged.</summary>
/// <remarks>
/// The first alternative that matches, from left to right:
/// <c>'s | 't | 're | 've | 'm | 'll | 'd | ?L+ | ?N+ | ?[^ white space, L, N]+ | white space not followed by another character | white
/// space</c> where <c> ?</c> is an optional U+0020, L a Unicode letter and N a Unicode number. So the last white-space character before a
/// word is left over for the next piece. Characters are code points: those beyond U+FFFF count as what they are. White space is
/// JavaScript's set, for the recorded ids are those of a JavaScript program: .NET's own set has U+0085 and lacks U+FEFF. A byte that is no
/// UTF-8 counts as neither letter, number nor white space.
/// </remarks>
internal static class TextPieces
{
    private enum Kind
    {
        Other,
        Letter,
        Number,
        Space,
    }

    /// <summary>The length in bytes of the piece that the text begins with; at least 1 unless the text is empty.</summary>
    public static int FirstLength(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        int contraction = ContractionLength(text);
        if (contraction > 0)
        {
            return contraction;
        }

        int lead = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        Kind kind = KindOf(text[lead..], out _);
        return kind == Kind.Space ? SpaceLength(text) : lead + RunLength(text[lead..], kind);
    }

    /// <summary>Lower case only, as the original has it.</summary>
    private static int ContractionLength(ReadOnlySpan<byte> text)
    {
        if (text[0] != '\'' || text.Length < 2)
        {
            return 0;
        }

        return text[1] switch
        {
            (byte)'s' or (byte)'t' or (byte)'m' or (byte)'d' => 2,
            (byte)'r' or (byte)'v' when text.Length > 2 && text[2] == 'e' => 3,
            (byte)'l' when text.Length > 2 && text[2] == 'l' => 3,
            _ => 0,
        };
    }

    private static int RunLength(ReadOnlySpan<byte> text, Kind kind)
    {
        int end = 0;
        while (end < text.Length && KindOf(text[end..], out int length) == kind)
        {
            end += length;
        }

        return end;
    }

    private static int SpaceLength(ReadOnlySpan<byte> text)
    {
        int end = 0;
        int lastStart = 0;
        while (end < text.Length && KindOf(text[end..], out int length) == Kind.Space)
        {
            lastStart = end;
            end += length;
        }

        // The run's last character is left for the next piece, unless the text ends here or the run has no other.
        return end == text.Length || lastStart == 0 ? end : lastStart;
    }

    private static Kind KindOf(ReadOnlySpan<byte> text, out int length)
    {
        byte first = text[0];
        if (first < 0x80)
        {
            length = 1;
            return char.IsAsciiLetter((char)first) ? Kind.Letter
                : char.IsAsciiDigit((char)first) ? Kind.Number
                : first is (>= 0x09 and <= 0x0D) or 0x20 ? Kind.Space
                : Kind.Other;
        }

        if (Rune.DecodeFromUtf8(text, out Rune rune, out length) != System.Buffers.OperationStatus.Done)
        {
            return Kind.Other;
        }

        if (rune.Value is 0xA0 or 0x1680 or (>= 0x2000 and <= 0x200A) or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000 or 0xFEFF)
        {
            return Kind.Space;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }
}
