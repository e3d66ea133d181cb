using Residuum.Numerics;

namespace Residuum.Preconditioning;

/// <summary>
/// Watches the gradients of a training: of every axis of every matrix or higher tensor the dense second moment
/// <c>C = decay C + Y Y^T</c>, and a sketch of a quarter of its directions.
/// </summary>
/// <remarks>
/// It tells whether a sketch would do: how much of C lies in few directions. Memory: 5 d^2 bytes an axis of length d, and working memory.
/// </remarks>
public sealed class GradientSpectra : IWork
{
    private const double RankTolerance = 1e-5;

    private readonly Item[] _items;
    private readonly double _decay;
    private readonly WorkSharing _work;
    private readonly Scratch _scratch;

    /// <summary>Begins to watch.</summary>
    /// <param name="parameters">Whose gradients.</param>
    /// <param name="decay">The factor of what was seen, at every observation; in (0, 1].</param>
    /// <param name="longestAxis">Longer axes are left out.</param>
    /// <param name="work">Shares the axes between threads.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public GradientSpectra(IEnumerable<Parameter> parameters, double decay, int longestAxis, WorkSharing work)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _decay = Require.Fraction(decay, "decay");
        _work = Require.NotNull(work);
        Require.Between(longestAxis, 1, 16_000, "longestAxis");
        _items = [.. parameters.SelectMany(parameter => AxesOf(parameter, longestAxis).Select(axis => new Item(parameter, axis)))];
        long bytes = _items.Select(item => item.ScratchBytes).DefaultIfEmpty(0).Max();
        _scratch = new Scratch(work.Threads, bytes);
    }

    /// <summary>Takes in the gradients as they are now; parameters without one are passed over.</summary>
    public void Observe() => _work.Run(this, _items.Length);

    /// <summary>The spectra of what was seen, in the order of the parameters.</summary>
    public IReadOnlyList<AxisSpectrum> Report() => [.. _items.Select(item => item.Report())];

    void IWork.Run(int chunk, int worker)
    {
        Item item = _items[chunk];
        if (item.Parameter.HasGradient)
        {
            item.Observe(_decay, _scratch.Area(worker));
        }
    }

    private static IEnumerable<int> AxesOf(Parameter parameter, int longestAxis)
    {
        int[] shape = parameter.Shape.ToArray();
        return shape.Count(length => length > 1) < 2
            ? []
            : Enumerable.Range(0, shape.Length).Where(axis => shape[axis] > 1 && shape[axis] <= longestAxis);
    }

    private sealed class Item(Parameter parameter, int axis)
    {
        private readonly int _length = parameter.Shape[axis];
        private readonly int _outer = BlockGrid.Product(parameter.Shape[..axis]);
        private readonly int _inner = BlockGrid.Product(parameter.Shape[(axis + 1)..]);
        private readonly SecondMoment _dense = new(parameter.Shape[axis]);
        private readonly FrequentDirections _sketch = new(parameter.Shape[axis], RankOf(parameter.Shape[axis]));

        public Parameter Parameter => parameter;

        public long ScratchBytes => Math.Max(
            SecondMoment.ScratchBytes(_length), FrequentDirections.ScratchBytes(_length, RankOf(_length), _outer * _inner));

        public void Observe(double decay, ScratchArea scratch)
        {
            Unfolding y = new(parameter.Gradient.Span, _outer, _length, _inner);
            _dense.Add(y, decay, 1, scratch);
            _sketch.Update(y, new SketchDecay(decay, decay, 1, RankTolerance), scratch);
        }

        public AxisSpectrum Report()
        {
            double[] matrix = new double[_length * _length];
            double[] values = new double[_length];
            _dense.CopyTo(matrix, 1);
            SymmetricEigen.Values(matrix, values, new Scratch(1, SymmetricEigen.ScratchBytes(_length)).Area(0));
            double escaped = values[0] > 0 ? _sketch.EscapedMass[0] / values[0] : 0;
            return new AxisSpectrum(parameter.Name, axis, _length, Spectrum.Of(values), RankOf(_length), escaped);
        }

        private static int RankOf(int length) => Math.Max(1, length / 4);
    }
}
