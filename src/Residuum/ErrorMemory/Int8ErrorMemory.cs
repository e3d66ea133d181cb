using System.Runtime.CompilerServices;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>
/// The error in 8 bits an entry, with one scale a block (methods page of ConEF, section 6): 1 + 4 / block bytes an entry.
/// </summary>
/// <remarks><c>scale = max |v| / 127</c>, <c>q = round to even(v / scale)</c> limited to +-127; the value is <c>q scale</c>.</remarks>
/// <param name="length">The tensor's entries.</param>
/// <param name="block">Entries of a block of consecutive ones; the last may be shorter.</param>
internal sealed class Int8ErrorMemory(int length, int block) : ErrorMemory
{
    private const int Largest = 127;

    private readonly sbyte[] _codes = new sbyte[length];
    private readonly float[] _scales = new float[Blocks(length, block)];

    public override int Granule => block;

    /// <summary>The fields: <c>error_code</c>, <c>error_scale</c>.</summary>
    public static IEnumerable<FieldSpec> Fields(int length, int block) =>
        [new("error_code", ElementType.I8, length), new("error_scale", ElementType.F32, Blocks(length, block))];

    public override IEnumerable<StateField> State(string owner)
    {
        FieldSpec[] fields = [.. Fields(length, block)];
        return [StateField.Of(owner, fields[0], _codes.AsMemory()), StateField.Of(owner, fields[1], _scales.AsMemory())];
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    public override void AddTo(ReadOnlySpan<float> gradient, Span<float> corrected, int start)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            corrected[i] = gradient[i] + (_codes[start + i] * _scales[(start + i) / block]);
        }
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    public override void Update(ReadOnlySpan<float> rest, int start)
    {
        for (int first = 0; first < rest.Length; first += block)
        {
            ReadOnlySpan<float> values = rest[first..(int)Math.Min((long)first + block, rest.Length)];
            float largest = 0;
            foreach (float value in values)
            {
                largest = Math.Max(largest, Math.Abs(value));
            }

            // So small that the scale underflows: everything is 0.
            float scale = largest / Largest;
            _scales[(start + first) / block] = scale;
            for (int i = 0; i < values.Length; i++)
            {
                float code = scale > 0 ? MathF.Round(values[i] / scale, MidpointRounding.ToEven) : 0;
                _codes[start + first + i] = (sbyte)Math.Clamp(code, -Largest, Largest);
            }
        }
    }

    public override void Read(Span<float> error, int start)
    {
        for (int i = 0; i < error.Length; i++)
        {
            error[i] = _codes[start + i] * _scales[(start + i) / block];
        }
    }

    public override void Scale(float factor, int start, int length)
    {
        for (int i = start / block; i < Blocks(start + length, block); i++)
        {
            _scales[i] *= factor;
        }
    }

    public override void Clear()
    {
        Array.Clear(_codes);
        Array.Clear(_scales);
    }

    private static int Blocks(int length, int block) => (int)(((long)length + block - 1) / block);
}
