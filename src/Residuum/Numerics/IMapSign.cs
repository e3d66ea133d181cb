namespace Residuum.Numerics;

/// <summary>Whether a <see cref="DynamicMap"/> has negative entries, known when a kernel is compiled.</summary>
internal interface IMapSign
{
    /// <summary>The map.</summary>
    static abstract DynamicMap Map { get; }

    /// <summary>Whether it has negative entries.</summary>
    static abstract bool IsSigned { get; }
}
