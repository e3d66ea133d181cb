using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Residuum.Distributed.Collectives;

/// <summary>Ranks as processes, over the MPI library that is found at run time.</summary>
/// <remarks>
/// Before each call ranks wait for each other without occupying a processor and not for ever: MPI's own waiting does both. One process can
/// start MPI once.
/// </remarks>
public sealed class MpiCollectives : ICollectives
{
    private const int DefaultPiece = 1 << 20;
    private const int LargestCall = 1 << 28;

    private readonly Lock _gate = new();
    private readonly MpiSettings _settings;
    private readonly MpiConstants _constants;
    private readonly int _piece;
    private float[] _gathered = [];
    private bool _isEnded;

    private MpiCollectives(MpiSettings settings)
    {
        _settings = settings;
        _constants = MpiLibrary.Loaded.Constants;
        int provided = 0;
        Require(MpiFunctions.MPI_Init_thread(0, 0, _constants.ThreadSerialized, ref provided), "MPI_Init_thread");
        Require(MpiFunctions.MPI_Comm_set_errhandler(_constants.World, _constants.ErrorsReturn), "MPI_Comm_set_errhandler");
        int rank = 0;
        int size = 0;
        Require(MpiFunctions.MPI_Comm_rank(_constants.World, ref rank), "MPI_Comm_rank");
        Require(MpiFunctions.MPI_Comm_size(_constants.World, ref size), "MPI_Comm_size");
        Rank = rank;
        Size = size;

        // Gathered pieces take memory for all ranks, so they stay small however crowded the machine is.
        bool isCrowded = Launcher.LocalSize > Environment.ProcessorCount && !settings.Deterministic;
        _piece = Math.Min(LargestCall, (settings.PieceBytes ?? (isCrowded ? int.MaxValue : DefaultPiece)) / sizeof(float));
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>What the library says of itself.</summary>
    public static string LibraryVersion => MpiLibrary.Loaded.Version;

    /// <summary>Starts MPI in this process.</summary>
    /// <param name="settings">How calls are carried out; null for the defaults.</param>
    /// <exception cref="MpiException">There is no library, it cannot start, or the launcher is of another family.</exception>
    public static MpiCollectives Start(MpiSettings? settings = null)
    {
        settings ??= new MpiSettings();
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.PieceBytes ?? sizeof(float), sizeof(float), nameof(settings));
        MpiCollectives collectives = new(settings);
        if (Launcher.Find() is { } launcher && launcher.Size != collectives.Size)
        {
            string message = $"The launcher has started {launcher.Size} processes, but MPI sees {collectives.Size}: the library "
                + $"{MpiLibrary.Loaded.File} ({MpiLibrary.Loaded.Version}) and the launcher are of different families; name the right "
                + $"library in {MpiLibrary.FileVariable}.";
            collectives.Dispose();
            throw new MpiException(message);
        }

        return collectives;
    }

    /// <summary>Runs a program on this rank: starts MPI, and ends all ranks if the program throws.</summary>
    /// <param name="body">The program; its result is this process's exit code.</param>
    /// <param name="settings">How calls are carried out; null for the defaults.</param>
    /// <param name="explain">From an exception, what is written about it; null for all of it.</param>
    /// <exception cref="MpiException">MPI could not be started.</exception>
    public static int Run(Func<ICollectives, int> body, MpiSettings? settings = null, Func<Exception, string>? explain = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        using MpiCollectives collectives = Start(settings);
        try
        {
            return body(collectives);
        }
        catch (Exception exception)
        {
            // The other ranks would wait for this one for ever: the launcher ends them.
            collectives.Abort(explain?.Invoke(exception) ?? exception.ToString());
            throw;
        }
    }

    /// <inheritdoc/>
    public void AllReduceSum(Span<float> values)
    {
        if (Size == 1)
        {
            return;
        }

        lock (_gate)
        {
            Meet();
            int length;
            for (int start = 0; start < values.Length; start += length)
            {
                length = Math.Min(_piece, values.Length - start);
                Span<float> piece = values.Slice(start, length);
                if (_settings.Deterministic)
                {
                    SumInRankOrder(piece);
                }
                else
                {
                    Require(
                        MpiFunctions.MPI_Allreduce(
                            _constants.InPlace,
                            ref MemoryMarshal.GetReference(piece),
                            piece.Length,
                            _constants.Float,
                            _constants.Sum,
                            _constants.World),
                        "MPI_Allreduce");
                }
            }
        }
    }

    /// <inheritdoc/>
    public void ReduceScatterSum(Span<float> values, ReadOnlySpan<int> counts, Span<float> part)
    {
        PartLengths.Require(counts, Size, Rank, part.Length, values.Length);
        if (_settings.Deterministic || Size == 1)
        {
            AllReduceSum(values);
            values.Slice(PartLengths.Before(counts, Rank), part.Length).CopyTo(part);
            return;
        }

        lock (_gate)
        {
            Meet();
            Require(
                MpiFunctions.MPI_Reduce_scatter(
                    ref MemoryMarshal.GetReference(values),
                    ref MemoryMarshal.GetReference(part),
                    ref MemoryMarshal.GetReference(counts),
                    _constants.Float,
                    _constants.Sum,
                    _constants.World),
                "MPI_Reduce_scatter");
        }
    }

    /// <inheritdoc/>
    public void AllGather(ReadOnlySpan<byte> part, ReadOnlySpan<int> counts, Span<byte> all)
    {
        PartLengths.Require(counts, Size, Rank, part.Length, all.Length);
        if (Size == 1)
        {
            part.CopyTo(all);
            return;
        }

        Span<int> starts = stackalloc int[Size];
        for (int rank = 1; rank < Size; rank++)
        {
            starts[rank] = starts[rank - 1] + counts[rank - 1];
        }

        lock (_gate)
        {
            Meet();
            Require(
                MpiFunctions.MPI_Allgatherv(
                    ref MemoryMarshal.GetReference(part),
                    part.Length,
                    _constants.Byte,
                    ref MemoryMarshal.GetReference(all),
                    ref MemoryMarshal.GetReference(counts),
                    ref MemoryMarshal.GetReference(starts),
                    _constants.Byte,
                    _constants.World),
                "MPI_Allgatherv");
        }
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> bytes, int root)
    {
        lock (_gate)
        {
            Meet();
            int length;
            for (int start = 0; start < bytes.Length; start += length)
            {
                length = Math.Min(LargestCall, bytes.Length - start);
                Span<byte> piece = bytes.Slice(start, length);
                Require(
                    MpiFunctions.MPI_Bcast(ref MemoryMarshal.GetReference(piece), piece.Length, _constants.Byte, root, _constants.World),
                    "MPI_Bcast");
            }
        }
    }

    /// <inheritdoc/>
    public void Barrier()
    {
        lock (_gate)
        {
            Meet();
        }
    }

    /// <summary>Writes the reason to standard error and ends all ranks, this process too.</summary>
    /// <inheritdoc/>
    public void Abort(string reason)
    {
        // In one piece, so that the ranks' lines do not mix.
        Console.Error.Write($"rank {Rank} of {Size}: {reason}{Environment.NewLine}");
        Console.Error.Flush();
        _ = MpiFunctions.MPI_Abort(_constants.World, 1);
    }

    /// <summary>Ends MPI; all ranks wait for each other once more.</summary>
    public void Dispose()
    {
        if (!_isEnded)
        {
            _isEnded = true;
            _ = MpiFunctions.MPI_Finalize();
        }
    }

    /// <summary>Waits until all ranks are here: at first turning, then sleeping, and not longer than the time limit.</summary>
    private void Meet()
    {
        nint request = 0;
        Require(MpiFunctions.MPI_Ibarrier(_constants.World, ref request), "MPI_Ibarrier");
        long start = Stopwatch.GetTimestamp();
        int arrived = 0;
        while (true)
        {
            Require(MpiFunctions.MPI_Test(ref request, ref arrived, _constants.StatusIgnore), "MPI_Test");
            if (arrived != 0)
            {
                return;
            }

            TimeSpan waited = Stopwatch.GetElapsedTime(start);
            if (waited > _settings.Timeout)
            {
                string seconds = _settings.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
                string message = $"some rank did not arrive at a collective call within {seconds} s; all ranks are ended.";
                Abort(message);
                throw new RankFailedException(message);
            }

            if (waited < TimeSpan.FromMilliseconds(10))
            {
                Thread.Yield();
            }
            else
            {
                Thread.Sleep(1);
            }
        }
    }

    private void SumInRankOrder(Span<float> piece)
    {
        if (_gathered.Length < piece.Length * Size)
        {
            _gathered = GC.AllocateUninitializedArray<float>(piece.Length * Size);
        }

        Require(
            MpiFunctions.MPI_Allgather(
                ref MemoryMarshal.GetReference(piece),
                piece.Length,
                _constants.Float,
                ref _gathered[0],
                piece.Length,
                _constants.Float,
                _constants.World),
            "MPI_Allgather");
        _gathered.AsSpan(0, piece.Length).CopyTo(piece);
        for (int rank = 1; rank < Size; rank++)
        {
            RankOrderSum.Add(_gathered.AsSpan(rank * piece.Length, piece.Length), piece);
        }
    }

    private static void Require(int code, string function)
    {
        if (code != 0)
        {
            throw new MpiException($"{function} failed: {MpiLibrary.ErrorText(code)}");
        }
    }
}
