using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Adam's two dense moments of one parameter: of <see cref="AdamW"/>, and of what methods of low rank leave dense.</summary>
internal sealed class AdamMoments
{
    /// <summary>The bytes a step moves per weight: g read; w, m, v read and written.</summary>
    public const double TrafficBytes = 28;

    private readonly Parameter _parameter;
    private readonly AdamGroup _group;
    private readonly Memory<float> _m;
    private readonly Memory<float> _v;
    private readonly long[] _step = new long[1];
    private AdamScalars _scalars;

    public AdamMoments(Parameter parameter, AdamGroup group, StateArena arena)
    {
        IReadOnlyList<FieldSpec> fields = AdamW.Fields(parameter.Shape);
        _parameter = parameter;
        _group = group;
        _m = arena.Take<float>(fields[0]);
        _v = arena.Take<float>(fields[1]);
    }

    /// <summary>The live fields, those of <see cref="AdamW.Fields"/>.</summary>
    public IEnumerable<StateField> State()
    {
        IReadOnlyList<FieldSpec> fields = AdamW.Fields(_parameter.Shape);
        return
        [
            StateField.Of(_parameter.Name, fields[0], _m),
            StateField.Of(_parameter.Name, fields[1], _v),
            StateField.Of(_parameter.Name, fields[2], _step.AsMemory()),
        ];
    }

    /// <summary>Counts a step as of <see cref="AdamW"/>.</summary>
    public void Advance() => _scalars = new AdamScalars(_group, ++_step[0]);

    /// <summary>Counts a step as of <see cref="GaLore"/>.</summary>
    /// <param name="correctsBias">Whether bias is corrected.</param>
    public void AdvanceDecayLast(bool correctsBias) => _scalars = AdamScalars.DecayLast(_group, ++_step[0], correctsBias);

    /// <summary>Updates a piece of the parameter.</summary>
    /// <param name="start">Its first entry.</param>
    /// <param name="w">Its weights.</param>
    /// <param name="g">Their gradient.</param>
    public void Update(int start, Span<float> w, ReadOnlySpan<float> g) =>
        AdamKernel.Run(w, g, _m.Span.Slice(start, w.Length), _v.Span.Slice(start, w.Length), _scalars);
}
