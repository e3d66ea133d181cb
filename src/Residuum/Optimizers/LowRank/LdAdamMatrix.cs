using System.Runtime.InteropServices;
using Residuum.Compression;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>What <see cref="LdAdam"/> keeps of one low-rank parameter (page, section 2), and what it computes once a step.</summary>
internal sealed class LdAdamMatrix
{
    private readonly long[] _step = new long[1];
    private readonly float[] _error;

    public LdAdamMatrix(Parameter parameter, AdamGroup group, SubspaceLayout layout)
    {
        Parameter = parameter;
        Group = group;
        Options = (LdAdamOptions)group.Options;
        Layout = layout;
        Basis = new float[layout.BasisElements];
        M = new float[layout.CoefficientElements];
        V = new float[layout.CoefficientElements];
        HasOwnError = Options is { ErrorFeedback: true, ErrorBuffer: ErrorBuffer.OwnBuffer };
        _error = new float[HasOwnError ? parameter.Length : 0];
    }

    public Parameter Parameter { get; }

    public AdamGroup Group { get; }

    public LdAdamOptions Options { get; }

    public SubspaceLayout Layout { get; }

    /// <summary>U of the last step.</summary>
    public float[] Basis { get; }

    /// <summary>The first moment in the basis of the last step.</summary>
    public float[] M { get; }

    /// <summary>The second moment in the basis of the last step.</summary>
    public float[] V { get; }

    /// <summary>Whether the error has memory of its own, to which the gradient is added.</summary>
    public bool HasOwnError { get; }

    /// <summary>
    /// E between steps; A during a step, once the gradient is added. Without error feedback A is the gradient, which is not changed. The
    /// gradient is where the parameter has it at the time: its memory may be another at every step.
    /// </summary>
    public Span<float> Error => HasOwnError ? _error : Parameter.Gradient.Span;

    /// <summary>t, the steps this parameter has taken.</summary>
    public long Step => _step[0];

    /// <summary>1 - beta1^(t-1) and 1 - beta2^(t-1): what the moments of the last step are divided by.</summary>
    public (double First, double Second) Before { get; private set; }

    /// <summary>The state of a matrix.</summary>
    /// <param name="shape">The parameter's dimensions.</param>
    /// <param name="layout">Its projection.</param>
    /// <param name="options">Its options.</param>
    public static IReadOnlyList<FieldSpec> Fields(IReadOnlyList<int> shape, SubspaceLayout layout, LdAdamOptions options)
    {
        List<FieldSpec> fields =
        [
            new("basis", ElementType.F32, layout.BasisShape),
            new("m", ElementType.F32, layout.CoefficientShape),
            new("v", ElementType.F32, layout.CoefficientShape),
        ];
        if (options.ErrorFeedback)
        {
            fields.Add(new FieldSpec("error", ElementType.F32, FieldSpec.Dimensions([.. shape]))
            {
                IsInGradient = options.ErrorBuffer == ErrorBuffer.GradientBuffer,
            });
        }

        fields.Add(new FieldSpec("step", ElementType.I64));
        return fields;
    }

    /// <summary>The live fields.</summary>
    public IEnumerable<StateField> State()
    {
        foreach (FieldSpec spec in Fields(Parameter.Shape.ToArray(), Layout, Options))
        {
            yield return spec.Name switch
            {
                "basis" => StateField.Of(Parameter.Name, spec, Basis.AsMemory()),
                "m" => StateField.Of(Parameter.Name, spec, M.AsMemory()),
                "v" => StateField.Of(Parameter.Name, spec, V.AsMemory()),
                "error" when HasOwnError => StateField.Of(Parameter.Name, spec, _error.AsMemory()),
                "error" => StateField.Converted(Parameter.Name, spec, WriteGradient, ReadGradient),
                _ => StateField.Of(Parameter.Name, spec, _step.AsMemory()),
            };
        }
    }

    /// <summary>Counts the step and computes the bias corrections of the moments before it, in double.</summary>
    public void Advance()
    {
        long t = ++_step[0];
        Before = (1 - Math.Pow(Group.Beta1, t - 1), 1 - Math.Pow(Group.Beta2, t - 1));
    }

    private void WriteGradient(Span<byte> destination) => MemoryMarshal.AsBytes(Parameter.Gradient.Span).CopyTo(destination);

    private void ReadGradient(ReadOnlySpan<byte> source) => source.CopyTo(MemoryMarshal.AsBytes(Parameter.Gradient.Span));
}
