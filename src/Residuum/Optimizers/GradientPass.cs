using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>
/// What happens to the gradients before an update: one reading pass that finds values that are not finite and, for clipping, the global
/// norm; and, only if something has to be clipped, one writing pass.
/// </summary>
/// <remarks>Cost: 4 bytes read per parameter; 8 more moved when it clips. With the guard off and no clipping, nothing.</remarks>
internal sealed class GradientPass : IWork
{
    private readonly Parameter[] _parameters;
    private readonly WorkSharing _work;
    private readonly StepSettings _settings;
    private readonly WorkPlan _plan;
    private readonly double[] _squares;
    private readonly bool[] _finite;
    private readonly float _limit;
    private bool _scaling;
    private float _scale;

    public GradientPass(Parameter[] parameters, WorkSharing work, StepSettings settings)
    {
        _parameters = parameters;
        _work = work;
        _settings = settings;
        _limit = (float)(settings.ClipValue ?? double.PositiveInfinity);
        _plan = WorkPlan.Create([.. parameters.Select(parameter => parameter.Length)], _ => 1);
        _squares = new double[_plan.Pieces.Length];
        _finite = new bool[_plan.Pieces.Length];
    }

    public StepReport Run()
    {
        if (!_settings.GuardsOrClips)
        {
            return new StepReport(Applied: true, double.NaN, null, -1);
        }

        _scaling = false;
        _work.Run(this, _plan.Chunks);
        if (_settings.NonFinite != NonFinitePolicy.Off && FirstBad() is { } bad)
        {
            return bad;
        }

        if (_settings.Clips(_squares, out double norm, out _scale))
        {
            _scaling = true;
            _work.Run(this, _plan.Chunks);
        }

        return new StepReport(Applied: true, norm, null, -1);
    }

    /// <summary>The exception for a report of <see cref="Run"/> that was not applied.</summary>
    public NonFiniteGradientException Failure(StepReport report)
    {
        Parameter parameter = _parameters.First(candidate => candidate.Name == report.OffendingParameter);
        return new NonFiniteGradientException(parameter.Name, report.OffendingIndex, parameter.Gradient.Span[(int)report.OffendingIndex]);
    }

    void IWork.Run(int chunk, int worker)
    {
        int index = _plan.FirstPiece(chunk);
        foreach (WorkPlan.Piece piece in _plan.Chunk(chunk))
        {
            Parameter parameter = _parameters[piece.Tensor];
            if (parameter.HasGradient)
            {
                Span<float> gradient = parameter.Gradient.Span.Slice(piece.Start, piece.Length);
                if (_scaling)
                {
                    GradientKernels.ClipAndScale(gradient, _limit, _scale);
                }
                else
                {
                    _squares[index] = GradientKernels.SumOfSquares(gradient, _limit, out _finite[index]);
                }
            }
            else
            {
                _squares[index] = 0;
                _finite[index] = true;
            }

            index++;
        }
    }

    private StepReport? FirstBad()
    {
        for (int i = 0; i < _finite.Length; i++)
        {
            if (!_finite[i])
            {
                WorkPlan.Piece piece = _plan.Pieces[i];
                Parameter parameter = _parameters[piece.Tensor];
                ReadOnlySpan<float> gradient = parameter.Gradient.Span.Slice(piece.Start, piece.Length);
                int offset = 0;
                while (float.IsFinite(gradient[offset]))
                {
                    offset++;
                }

                return new StepReport(Applied: false, double.NaN, parameter.Name, piece.Start + (long)offset);
            }
        }

        return null;
    }
}
