using System.Diagnostics;
using Residuum.Compression;
using Residuum.Distributed.Collectives;
using Residuum.Numerics;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Exchange;

/// <summary>
/// Replaces each rank's gradients by the mean of what all ranks send of theirs; what a rank does not send stays in its error memory and
/// returns later (methods page of ConEF). Any optimizer can step on the result.
/// </summary>
/// <remarks>
/// <code>
/// p_i = g_i + (the part of the error that returns)        in place of the gradient
/// d   = mean_i Q(p_i)                                     small messages of all parameters in one call
/// r_i = p_i - s_i, into the error memory                  s_i: what counts as sent
/// </code>
/// then d takes the gradient's place. Beside the messages nothing is copied.
/// </remarks>
public sealed class GradientExchange : IExchange
{
    /// <summary>Steps between two comparisons of all parameters between ranks, unless somebody says otherwise.</summary>
    public const int DefaultCheckEvery = 100;

    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly ICollectives _collectives;
    private readonly StepSettings _settings;
    private readonly LocalStepSgd? _local;
    private readonly IDividedGradients? _divided;
    private readonly MemoryParts _parts;
    private readonly Channel[] _channels;
    private readonly RankAgreement _agreement;
    private readonly MessageBuffers _messages;
    private readonly RankState _state;
    private readonly long[] _step = new long[1];
    private readonly long[] _consecutiveSkips = new long[1];
    private long _steps;
    private long _denseBytes;
    private long _codecTicks;

    /// <summary>Makes the exchange of one rank.</summary>
    /// <param name="parameters">The parameters in their order, which must be the same on all ranks.</param>
    /// <param name="options">How gradients travel.</param>
    /// <param name="collectives">The ranks.</param>
    /// <param name="settings">Threads and guard; null for the defaults.</param>
    /// <param name="checkEvery">Steps between two comparisons of all parameters between ranks; 0 for none.</param>
    /// <exception cref="ArgumentException">An option is out of its range, would diverge, or needs an optimizer of its own.</exception>
    public GradientExchange(
        IReadOnlyList<Parameter> parameters,
        ExchangeOptions options,
        ICollectives collectives,
        StepSettings? settings = null,
        int checkEvery = DefaultCheckEvery)
        : this(parameters, options, collectives, settings, checkEvery, local: null)
    {
    }

    internal GradientExchange(
        IReadOnlyList<Parameter> parameters,
        ExchangeOptions options,
        ICollectives collectives,
        StepSettings? settings,
        int checkEvery,
        LocalStepSgd? local,
        IDividedGradients? divided = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(collectives);
        ArgumentOutOfRangeException.ThrowIfNegative(checkEvery);
        options.Validate();
        if (options.Order == StepOrder.LocalStep && local is null)
        {
            throw new ArgumentException(
                "The option order is localStep: it exchanges the updates of SGD and goes with no other optimizer.", nameof(options));
        }

        if (divided is not null)
        {
            options.RequireWholeMessages();
        }

        Options = options;
        _parameters = parameters;
        _divided = divided;
        _collectives = collectives;
        _settings = settings ?? new StepSettings();
        _local = local;
        _parts = new MemoryParts(parameters
            .Select(parameter => Channel.CompressedView(parameter.Shape, parameter.Name, options)?.Length ?? 0).DefaultIfEmpty(0).Max());
        WorkSharing work = new(_settings.Threads);
        _channels = divided is null ? [.. parameters.Select((parameter, i) => new Channel(parameter, i, options, _parts, work))] : [];
        _agreement = new RankAgreement(parameters, collectives, checkEvery);
        _messages = new MessageBuffers(_channels, collectives);
        _state = new RankState(_channels, local, _step, _consecutiveSkips);
    }

    /// <summary>How gradients travel.</summary>
    public ExchangeOptions Options { get; }

    /// <inheritdoc/>
    public int Rank => _collectives.Rank;

    /// <inheritdoc/>
    public int Size => _collectives.Size;

    /// <summary>Steps exchanged, counted from the run's start.</summary>
    public long Step => _step[0];

    /// <summary>What this rank remembers of its own: error memories and, for localStep, momentum.</summary>
    public IReadOnlyList<StateField> RankFields => [.. _state.Parts.SelectMany(part => part.Fields)];

    /// <summary>What all ranks remember alike: counters, and PowerSGD's Q.</summary>
    public IReadOnlyList<StateField> SharedFields => _state.Shared;

    /// <summary>The bytes of this rank's error memories.</summary>
    public long ErrorBytes => _state.ErrorBytes;

    /// <inheritdoc/>
    public long StateBytes =>
        RankFields.Concat(SharedFields).Where(piece => !piece.Spec.IsCounter).Sum(piece => piece.Spec.Bytes);

    /// <summary>The bytes of messages, hash tables and other working memory.</summary>
    public long ScratchBytes =>
        _messages.Bytes + _agreement.Bytes + _parts.Bytes
        + _channels.Sum(channel => (channel.Compressor?.ScratchBytes ?? 0) + (channel.Memory?.ScratchBytes ?? 0));

    /// <inheritdoc/>
    public IGradientHolder? Gradients => _divided;

    /// <inheritdoc/>
    public ExchangeAccount Account => new(
        _steps,
        _messages.SentBytes + (_divided?.SentBytes ?? 0),
        _denseBytes + (_divided?.SentBytes ?? 0),
        _codecTicks / (double)Stopwatch.Frequency,
        (_messages.NetworkTicks + (_divided?.NetworkTicks ?? 0)) / (double)Stopwatch.Frequency);

    /// <inheritdoc/>
    public StepReport BeforeStep()
    {
        StepReport report = _agreement.Agree(_step[0], FirstBad(), out float value);
        if (!report.Applied)
        {
            if (_settings.NonFinite == NonFinitePolicy.Throw
                || (_settings.NonFinite == NonFinitePolicy.SkipAtMost && _consecutiveSkips[0] >= _settings.MaxConsecutiveSkips))
            {
                throw new NonFiniteGradientException(report.OffendingParameter!, report.OffendingIndex, value);
            }

            _consecutiveSkips[0]++;
            return report;
        }

        _consecutiveSkips[0] = 0;
        long start = Stopwatch.GetTimestamp();
        long network = _messages.NetworkTicks;
        Exchange();
        _codecTicks += Stopwatch.GetTimestamp() - start - (_messages.NetworkTicks - network);
        _step[0]++;
        _steps++;
        return report;
    }

    /// <inheritdoc/>
    public void AfterStep()
    {
    }

    /// <summary>Sets all error memories of this rank to zero.</summary>
    public void ClearError()
    {
        foreach (Channel channel in _channels)
        {
            channel.Memory?.Clear();
        }
    }

    /// <inheritdoc/>
    public void Sum(Span<double> values) => _collectives.Sum(values);

    /// <inheritdoc/>
    public void Average(Span<float> values)
    {
        _collectives.AllReduceSum(values);
        VectorKernels.Divide(values, Size, values);
    }

    /// <inheritdoc/>
    public void AddTo(CheckpointContent content) => new RankCheckpoint(Options, _state, _collectives).AddTo(content);

    /// <inheritdoc/>
    public void Resume(CheckpointContent content, string path) => new RankCheckpoint(Options, _state, _collectives).Resume(content, path);

    /// <summary>What this rank's error memories give back, parameter after parameter, and its momentum: for tests of re-division.</summary>
    internal double[] Errors() => [.. _state.Parts.SelectMany(RankRedivision.Numbers)];

    // Divided gradients were looked at, and exchanged, while they were made.
    private BadEntry? FirstBad()
    {
        if (_divided is not null)
        {
            return _divided.Finish();
        }

        return _settings.NonFinite == NonFinitePolicy.Off ? null : BadEntry.First(_parameters);
    }

    private void Exchange()
    {
        _messages.Plan(_step[0] >= Options.StartCompressionStep);
        for (int i = 0; i < _channels.Length; i++)
        {
            Channel channel = _channels[i];
            if (channel.Route != Route.None)
            {
                _denseBytes += channel.Dense.MessageBytes;
                _local?.MakeUpdate(i);
                Encode(channel, channel.Parameter.Gradient.Span);
            }
        }

        _messages.SumRound(0);
        _messages.Gather();
        if (_messages.HasSecondRound)
        {
            SendSecondRound();
        }

        foreach (Channel channel in _channels)
        {
            Decode(channel, channel.Parameter.Gradient.Span);
        }
    }

    // p takes the gradient's place, and what is sent of it goes into the messages.
    private void Encode(Channel channel, Span<float> gradient)
    {
        switch (channel.Route)
        {
            case Route.Alone:
                _messages.SumAlone(gradient);
                break;
            case Route.Whole:
                channel.Dense.Encode(0, gradient, _messages.Summed(channel, channel.Dense, 0));
                break;
            case Route.Summed:
                SummedCompressor summed = (SummedCompressor)channel.Compressor!;
                channel.Memory!.AddTo(gradient, gradient, 0);
                summed.Begin(_step[0]);
                summed.Encode(0, gradient, _messages.Summed(channel, summed, 0));
                break;
            case Route.Gathered:
                GatheredCompressor gathered = (GatheredCompressor)channel.Compressor!;
                channel.Memory!.AddTo(gradient, gradient, 0);
                gathered.Begin(_step[0]);
                gathered.Encode(gradient, _messages.Own(channel));
                break;
        }
    }

    private void SendSecondRound()
    {
        foreach (Channel channel in _channels)
        {
            if (channel.Route == Route.Summed && channel.Compressor is SummedCompressor { Rounds: 2 } compressor)
            {
                compressor.Receive(0, _messages.Summed(channel, compressor, 0), Size);
                compressor.Encode(1, channel.Parameter.Gradient.Span, _messages.Summed(channel, compressor, 1));
            }
        }

        _messages.SumRound(1);
    }

    // The rest goes into the error memory, then d takes the gradient's place.
    private void Decode(Channel channel, Span<float> gradient)
    {
        switch (channel.Route)
        {
            case Route.Alone:
                VectorKernels.Divide(gradient, Size, gradient);
                break;
            case Route.Whole:
                channel.Dense.Decode(_messages.Summed(channel, channel.Dense, 0), Size, gradient);
                break;
            case Route.Summed:
                SummedCompressor summed = (SummedCompressor)channel.Compressor!;
                ReadOnlySpan<float> sum = _messages.Summed(channel, summed, summed.Rounds - 1);
                summed.Receive(summed.Rounds - 1, sum, Size);
                summed.Remove(gradient);
                channel.Memory!.Update(gradient, 0);
                summed.Decode(sum, Size, gradient);
                break;
            case Route.Gathered:
                GatheredCompressor gathered = (GatheredCompressor)channel.Compressor!;
                gathered.Remove(gradient, _messages.Own(channel));
                channel.Memory!.Update(gradient, 0);
                gradient.Clear();
                for (int rank = 0; rank < Size; rank++)
                {
                    gathered.AddDecoded(_messages.Of(rank, channel), gradient);
                }

                VectorKernels.Divide(gradient, Size, gradient);
                break;
        }
    }
}
