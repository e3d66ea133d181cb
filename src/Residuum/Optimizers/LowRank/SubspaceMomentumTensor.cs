using System.Runtime.InteropServices;
using Residuum.Compression;
using Residuum.Numerics;
using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>What <see cref="SubspaceMomentum"/> keeps of one parameter: a subspace, the momentum in it, and what it divides by.</summary>
internal sealed class SubspaceMomentumTensor
{
    private readonly long[] _step = new long[1];
    private readonly IReadOnlyList<FieldSpec> _fields;

    public SubspaceMomentumTensor(Parameter parameter, AdamGroup group)
    {
        Parameter = parameter;
        Group = group;
        Options = (SubspaceMomentumOptions)group.Options;
        int[] shape = parameter.Shape.ToArray();
        LowRankDecision decision = Options.Decide(parameter.Name, shape);
        _fields = Fields(parameter.Name, shape, decision, Options);
        Layout = decision.Layout;
        M = new float[Layout?.CoefficientElements ?? parameter.Length];
        Basis = Layout is { } svd && Options.Projection == SubspaceProjection.Svd ? new float[svd.BasisElements] : [];
        Chosen = Layout is { } topk && Options.Projection == SubspaceProjection.Topk ? new int[topk.Rank] : [];
        V = Options.Subsets(parameter.Name, shape) is var (subsetShape, size) ? new SubsetMoment("v", subsetShape, size) : null;
    }

    public Parameter Parameter { get; }

    public AdamGroup Group { get; }

    public SubspaceMomentumOptions Options { get; }

    /// <summary>The projection; null where the momentum is that of the whole gradient.</summary>
    public SubspaceLayout? Layout { get; }

    /// <summary>The basis of the singular vectors.</summary>
    public float[] Basis { get; }

    /// <summary>The chosen rows, or columns, the one of largest norm first.</summary>
    public int[] Chosen { get; }

    public float[] M { get; }

    /// <summary>What steps are divided by; null for nothing.</summary>
    public SubsetMoment? V { get; }

    /// <summary>t, the steps this parameter has taken.</summary>
    public long Step => _step[0];

    /// <summary>Whether this step renews the subspace: the first, and every one whose number is a multiple of T.</summary>
    public bool IsRefresh => _step[0] == 1 || _step[0] % Options.UpdateInterval == 0;

    /// <summary>The state of a parameter.</summary>
    public static IReadOnlyList<FieldSpec> Fields(
        string name, IReadOnlyList<int> shape, LowRankDecision decision, SubspaceMomentumOptions options)
    {
        List<FieldSpec> fields = [];
        long[] dimensions = FieldSpec.Dimensions([.. shape]);
        if (decision.Layout is { } layout)
        {
            fields.Add(options.Projection == SubspaceProjection.Svd
                ? new FieldSpec("basis", ElementType.F32, layout.BasisShape)
                : new FieldSpec("chosen", ElementType.I32, layout.Rank));
            dimensions = layout.CoefficientShape;
        }

        fields.Add(new FieldSpec("m", ElementType.F32, dimensions));
        if (options.Subsets(name, shape) is var (subsetShape, size))
        {
            fields.Add(SubsetMoment.Field("v", subsetShape, size));
        }

        fields.Add(new FieldSpec("step", ElementType.I64));
        return fields;
    }

    /// <summary>The live fields.</summary>
    public IEnumerable<StateField> State()
    {
        foreach (FieldSpec spec in _fields)
        {
            yield return spec.Name switch
            {
                "basis" => StateField.Of(Parameter.Name, spec, Basis.AsMemory()),
                "chosen" => StateField.Converted(Parameter.Name, spec, WriteChosen, ReadChosen, CheckChosen),
                "m" => StateField.Of(Parameter.Name, spec, M.AsMemory()),
                "v" => V!.State(Parameter.Name),
                _ => StateField.Of(Parameter.Name, spec, _step.AsMemory()),
            };
        }
    }

    /// <summary>Counts the step.</summary>
    public void Advance() => _step[0]++;

    /// <summary>Takes a new subspace from the gradient.</summary>
    /// <param name="leading">Finds singular vectors; null without any.</param>
    /// <param name="norms">For the squared norms of rows or columns.</param>
    /// <param name="work">Shares products between threads.</param>
    public void Refresh(LeadingSubspace? leading, Span<double> norms, WorkSharing work)
    {
        SubspaceLayout layout = Layout!.Value;
        ReadOnlySpan<float> gradient = Parameter.Gradient.Span;
        if (Options.Projection == SubspaceProjection.Svd)
        {
            leading!.Find(layout, 1, gradient, [], [], Basis, work);
            BasisSigns.Fix(Basis, layout.Side, layout.Rank);
        }
        else
        {
            LargestLines.Choose(layout, gradient, norms, Chosen);
        }

        if (Options.MomentumOnRefresh == MomentumOnRefresh.Reset)
        {
            M.AsSpan().Clear();
        }
    }

    private void WriteChosen(Span<byte> destination) => MemoryMarshal.AsBytes(Chosen.AsSpan()).CopyTo(destination);

    private void ReadChosen(ReadOnlySpan<byte> source) => source.CopyTo(MemoryMarshal.AsBytes(Chosen.AsSpan()));

    private string? CheckChosen(ReadOnlySpan<byte> source)
    {
        int side = Layout!.Value.Side;
        foreach (int line in MemoryMarshal.Cast<byte, int>(source))
        {
            if (line < 0 || line >= side)
            {
                return $"has the line {line}, but must be at least 0 and less than {side}";
            }
        }

        return null;
    }
}
