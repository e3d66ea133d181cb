using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>How float32 numbers are kept in memory as <typeparamref name="TStored"/>.</summary>
/// <typeparam name="TStored">The element in memory.</typeparam>
internal interface IStoredValue<TStored>
    where TStored : unmanaged
{
    /// <summary>The number of a stored element.</summary>
    static abstract float Read(TStored stored);

    /// <summary>The numbers of the first four stored elements.</summary>
    static abstract Vector128<float> ReadFour(ReadOnlySpan<TStored> stored);

    /// <summary>The nearest element that can be stored.</summary>
    static abstract TStored Store(float value);
}
