using Residuum.Compression;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>
/// What <see cref="GaLore"/> keeps of one low-rank parameter: one basis or two, and Adam's moments of the projected gradient.
/// </summary>
internal sealed class GaLoreMatrix
{
    private readonly long[] _step = new long[1];
    private readonly FieldSpec[] _fields;

    public GaLoreMatrix(Parameter parameter, AdamGroup group, LowRankDecision decision)
    {
        Parameter = parameter;
        Group = group;
        Options = (GaLoreOptions)group.Options;
        Layout = decision.Layout!.Value;
        _fields = [.. Fields(decision)];
        if (decision.IsTwoSided)
        {
            Layout = Layout with { IsRight = false };
            Inner = InnerOf(Layout);
            InnerBasis = new float[Inner.Value.BasisElements];
        }

        Basis = new float[Layout.BasisElements];
        M = new float[(Inner ?? Layout).CoefficientElements];
        V = new float[M.Length];
    }

    public Parameter Parameter { get; }

    public AdamGroup Group { get; }

    public GaLoreOptions Options { get; }

    /// <summary>The projection; of two, the left one.</summary>
    public SubspaceLayout Layout { get; }

    /// <summary>With a basis on both sides, the projection on the right of what the left one leaves, r x n.</summary>
    public SubspaceLayout? Inner { get; }

    public float[] Basis { get; }

    public float[] InnerBasis { get; } = [];

    public float[] M { get; }

    public float[] V { get; }

    /// <summary>t, the steps this parameter has taken.</summary>
    public long Step => _step[0];

    /// <summary>Whether this step makes a new basis: at the first and every T steps after.</summary>
    public bool IsRefresh => (_step[0] - 1) % Options.UpdateInterval == 0;

    /// <summary>The state of a matrix.</summary>
    public static IEnumerable<FieldSpec> Fields(LowRankDecision decision)
    {
        SubspaceLayout layout = decision.Layout!.Value;
        long rank = layout.Rank;
        FieldSpec[] bases = decision.IsTwoSided
            ? [new("basis_left", ElementType.F32, layout.Rows, rank), new("basis_right", ElementType.F32, layout.Columns, rank)]
            : [new("basis", ElementType.F32, layout.BasisShape)];
        long[] moments = decision.IsTwoSided ? [rank, rank] : layout.CoefficientShape;
        return [.. bases, new("m", ElementType.F32, moments), new("v", ElementType.F32, moments), new("step", ElementType.I64)];
    }

    /// <summary>The second projection of a two-sided one.</summary>
    public static SubspaceLayout InnerOf(SubspaceLayout left) => new(left.Rank, left.Columns, left.Rank, IsRight: true);

    /// <summary>The live fields.</summary>
    public IEnumerable<StateField> State()
    {
        foreach (FieldSpec spec in _fields)
        {
            yield return spec.Name switch
            {
                "basis_right" => StateField.Of(Parameter.Name, spec, InnerBasis.AsMemory()),
                "m" => StateField.Of(Parameter.Name, spec, M.AsMemory()),
                "v" => StateField.Of(Parameter.Name, spec, V.AsMemory()),
                "step" => StateField.Of(Parameter.Name, spec, _step.AsMemory()),
                _ => StateField.Of(Parameter.Name, spec, Basis.AsMemory()),
            };
        }
    }

    /// <summary>Counts the step.</summary>
    public void Advance() => _step[0]++;

    /// <summary>New bases: leading singular vectors of the gradient, in each the entry of largest magnitude positive.</summary>
    public void Refresh(LeadingSubspace leading, WorkSharing work)
    {
        leading.Find(Layout, 1, Parameter.Gradient.Span, [], [], Basis, work);
        BasisSigns.Fix(Basis, Layout.Side, Layout.Rank);
        if (Inner is { } inner)
        {
            leading.Find(Layout with { IsRight = true }, 1, Parameter.Gradient.Span, [], [], InnerBasis, work);
            BasisSigns.Fix(InnerBasis, inner.Side, inner.Rank);
        }
    }
}
