namespace Residuum.Numerics;

/// <summary>
/// An element-wise loop written once over lanes; <see cref="LaneLoop"/> runs it at the machine's width and its tail with one lane.
/// </summary>
public interface ILaneKernel
{
    /// <summary>
    /// Processes elements from <paramref name="start"/> in whole registers, as far as <paramref name="end"/> allows. Mark it with
    /// <see cref="LaneLoop.KernelOptions"/>.
    /// </summary>
    /// <typeparam name="TLanes">The register type.</typeparam>
    /// <param name="start">The first element.</param>
    /// <param name="end">One past the last element.</param>
    /// <returns>The first element not processed.</returns>
    nuint Run<TLanes>(nuint start, nuint end)
        where TLanes : struct, ILanes<TLanes>;
}
