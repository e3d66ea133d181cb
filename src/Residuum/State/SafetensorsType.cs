namespace Residuum.State;

/// <summary>
/// An element type of the format: its name, its size, and the <see cref="ElementType"/> it decodes to, if this library decodes it.
/// </summary>
internal sealed record SafetensorsType(string Name, int Bits, ElementType? Decoded)
{
    // The types of fewer than 8 bits, the 8-bit floats and C64 are listed and copied as bytes only.
    private static readonly Dictionary<string, SafetensorsType> Known =
        Enum.GetValues<ElementType>().Select(type => new SafetensorsType(type.SafetensorsName, 8 * type.ByteSize, type))
            .Concat(
            [
                new SafetensorsType("F4", 4, null),
                new SafetensorsType("F6_E2M3", 6, null),
                new SafetensorsType("F6_E3M2", 6, null),
                new SafetensorsType("F8_E5M2", 8, null),
                new SafetensorsType("F8_E4M3", 8, null),
                new SafetensorsType("F8_E8M0", 8, null),
                new SafetensorsType("F8_E4M3FNUZ", 8, null),
                new SafetensorsType("F8_E5M2FNUZ", 8, null),
                new SafetensorsType("C64", 64, null),
            ])
            .ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The type of that name, or null.</summary>
    public static SafetensorsType? Find(string name) => Known.GetValueOrDefault(name);
}
