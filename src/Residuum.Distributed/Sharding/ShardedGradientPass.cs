using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.Distributed.Sharding;

/// <summary>Guard and clipping of divided gradients: bit for bit what <see cref="GradientPass"/> does with whole ones.</summary>
/// <remarks>
/// The norm is the sum over the pieces of a <see cref="WorkPlan"/> of all parameters, in their order. Each rank squares the pieces that it
/// has and tells the others; pieces that several ranks share, at most one for each cut, are brought to all.
/// </remarks>
internal sealed class ShardedGradientPass : IWork
{
    private const int Shared = -1;

    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly ICollectives _collectives;
    private readonly WorkSharing _work;
    private readonly StepSettings _settings;
    private readonly float _limit;
    private readonly WorkPlan.Piece[] _pieces;
    private readonly (int Parameter, Memory<float> Gradient)[] _own;
    private readonly List<(int Piece, Memory<float> Gradient)> _inside = [];
    private readonly List<(int Piece, Memory<float> Gradient)> _shared = [];
    private readonly List<(int Owner, Memory<float> Gradient, Memory<float> InShared)> _fragments = [];
    private readonly int[] _owners;
    private readonly int[] _places;
    private readonly int[] _counts;
    private readonly double[] _found;
    private readonly double[] _ofRanks;
    private readonly double[] _squares;
    private bool _scaling;
    private float _scale;
    private float _badValue;

    /// <summary>Prepares the pass.</summary>
    /// <param name="parameters">All parameters.</param>
    /// <param name="pieces">Who owns what.</param>
    /// <param name="gradients">Where the gradients of this rank are.</param>
    /// <param name="collectives">The ranks.</param>
    /// <param name="work">Shares the work between threads.</param>
    /// <param name="settings">Guard and clipping.</param>
    public ShardedGradientPass(
        IReadOnlyList<Parameter> parameters,
        IReadOnlyList<ShardPiece> pieces,
        GradientShards gradients,
        ICollectives collectives,
        WorkSharing work,
        StepSettings settings)
    {
        _parameters = parameters;
        _collectives = collectives;
        _work = work;
        _settings = settings;
        _limit = (float)(settings.ClipValue ?? double.PositiveInfinity);
        int[] lengths = [.. parameters.Select(parameter => parameter.Length)];
        _pieces = Pieces(lengths);
        _squares = new double[_pieces.Length];
        _owners = new int[_pieces.Length];
        _own = [.. pieces.Where(piece => piece.Owner == collectives.Rank).Select(piece => (piece.Parameter, gradients.GradientOf(piece)))];
        ILookup<int, ShardPiece> piecesOf = pieces.ToLookup(piece => piece.Parameter);
        for (int i = 0; i < _pieces.Length; i++)
        {
            ShardPiece[] parts = PartsOf(_pieces[i], piecesOf);
            _owners[i] = parts.Length == 1 ? parts[0].Owner : Shared;
            if (parts.Length > 1)
            {
                Share(i, parts, gradients);
            }
            else if (parts[0].Owner == collectives.Rank)
            {
                _inside.Add((i, Overlap(_pieces[i], parts[0], gradients)));
            }
        }

        // The squares of rank 0, then those of rank 1, and so on.
        _places = [.. Enumerable.Range(0, _pieces.Length).Where(i => _owners[i] != Shared).OrderBy(i => _owners[i])];
        _counts = [.. Enumerable.Range(0, collectives.Size).Select(rank => sizeof(double) * _owners.Count(owner => owner == rank))];
        _found = new double[_inside.Count];
        _ofRanks = new double[_places.Length];
    }

    /// <summary>The bytes of the memory for pieces that several ranks share.</summary>
    public long ScratchBytes => sizeof(float) * _shared.Sum(shared => (long)shared.Gradient.Length);

    /// <summary>The entries of the pieces that several ranks share: each has memory for all of them.</summary>
    /// <param name="pieces">Who owns what.</param>
    /// <param name="lengths">The entries of each parameter.</param>
    public static int SharedLength(IReadOnlyList<ShardPiece> pieces, IReadOnlyList<int> lengths)
    {
        ILookup<int, ShardPiece> piecesOf = pieces.ToLookup(piece => piece.Parameter);
        return Pieces(lengths).Where(piece => PartsOf(piece, piecesOf).Length > 1).Sum(piece => piece.Length);
    }

    /// <summary>Looks at all gradients, and clips those of this rank.</summary>
    /// <returns>The same on all ranks.</returns>
    public StepReport Run()
    {
        if (!_settings.GuardsOrClips)
        {
            return new StepReport(Applied: true, double.NaN, null, -1);
        }

        _scaling = false;
        _work.Run(this, _inside.Count);
        GatherSquares();
        SquareShared();
        if (_settings.NonFinite != NonFinitePolicy.Off && FirstBad() is { } bad)
        {
            return bad;
        }

        if (_settings.Clips(_squares, out double norm, out _scale))
        {
            _scaling = true;
            _work.Run(this, _own.Length);
        }

        return new StepReport(Applied: true, norm, null, -1);
    }

    /// <summary>The exception for a report of <see cref="Run"/> that was not applied.</summary>
    public NonFiniteGradientException Failure(StepReport report) => new(report.OffendingParameter!, report.OffendingIndex, _badValue);

    void IWork.Run(int chunk, int worker)
    {
        if (_scaling)
        {
            (int parameter, Memory<float> gradient) = _own[chunk];
            if (_parameters[parameter].HasGradient)
            {
                GradientKernels.ClipAndScale(gradient.Span, _limit, _scale);
            }
        }
        else
        {
            (int piece, Memory<float> gradient) = _inside[chunk];
            _found[chunk] = Square(piece, gradient.Span);
        }
    }

    private void GatherSquares()
    {
        _collectives.AllGather(MemoryMarshal.AsBytes(_found.AsSpan()), _counts, MemoryMarshal.AsBytes(_ofRanks.AsSpan()));
        for (int i = 0; i < _places.Length; i++)
        {
            _squares[_places[i]] = _ofRanks[i];
        }
    }

    private void SquareShared()
    {
        foreach ((int owner, Memory<float> gradient, Memory<float> inShared) in _fragments)
        {
            gradient.Span.CopyTo(inShared.Span);
            _collectives.Broadcast(MemoryMarshal.AsBytes(inShared.Span), owner);
        }

        foreach ((int piece, Memory<float> gradient) in _shared)
        {
            _squares[piece] = Square(piece, gradient.Span);
        }
    }

    // A gradient that is not finite is told to the others as a sum that is none.
    private double Square(int piece, ReadOnlySpan<float> gradient)
    {
        if (!_parameters[_pieces[piece].Tensor].HasGradient)
        {
            return 0;
        }

        double square = GradientKernels.SumOfSquares(gradient, _limit, out bool finite);
        return finite || _settings.NonFinite == NonFinitePolicy.Off ? square : double.NaN;
    }

    private StepReport? FirstBad()
    {
        int piece = Array.FindIndex(_squares, double.IsNaN);
        if (piece < 0)
        {
            return null;
        }

        // Index and value, from the rank that sees them.
        Span<byte> told = stackalloc byte[8];
        int owner = _owners[piece];
        if (owner == Shared || owner == _collectives.Rank)
        {
            List<(int Piece, Memory<float> Gradient)> seen = owner == Shared ? _shared : _inside;
            BadEntry bad = BadEntry.In(piece, seen.Find(candidate => candidate.Piece == piece).Gradient.Span)!.Value;
            BinaryPrimitives.WriteInt32LittleEndian(told, _pieces[piece].Start + bad.Index);
            BinaryPrimitives.WriteSingleLittleEndian(told[4..], bad.Value);
        }

        if (owner != Shared)
        {
            _collectives.Broadcast(told, owner);
        }

        _badValue = BinaryPrimitives.ReadSingleLittleEndian(told[4..]);
        string name = _parameters[_pieces[piece].Tensor].Name;
        return new StepReport(Applied: false, double.NaN, name, BinaryPrimitives.ReadInt32LittleEndian(told));
    }

    private void Share(int piece, ShardPiece[] parts, GradientShards gradients)
    {
        Memory<float> all = new float[_pieces[piece].Length];
        _shared.Add((piece, all));
        int start = 0;
        foreach (ShardPiece part in parts)
        {
            int length = Math.Min(_pieces[piece].Start + all.Length, part.Start + part.Length) - _pieces[piece].Start - start;
            Memory<float> gradient = part.Owner == _collectives.Rank ? Overlap(_pieces[piece], part, gradients) : default;
            _fragments.Add((part.Owner, gradient, all.Slice(start, length)));
            start += length;
        }
    }

    // What of a piece is in a part of this rank.
    private static Memory<float> Overlap(WorkPlan.Piece piece, ShardPiece part, GradientShards gradients)
    {
        int start = Math.Max(piece.Start, part.Start);
        int end = Math.Min(piece.Start + piece.Length, part.Start + part.Length);
        return gradients.GradientOf(part)[(start - part.Start)..(end - part.Start)];
    }

    // Those of GradientPass.
    private static WorkPlan.Piece[] Pieces(IReadOnlyList<int> lengths) => WorkPlan.Create(lengths, _ => 1).Pieces.ToArray();

    private static ShardPiece[] PartsOf(WorkPlan.Piece piece, ILookup<int, ShardPiece> piecesOf) =>
        [.. piecesOf[piece.Tensor].Where(part => part.Start < piece.Start + piece.Length && piece.Start < part.Start + part.Length)];
}
