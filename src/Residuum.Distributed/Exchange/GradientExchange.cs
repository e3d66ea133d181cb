using System.Diagnostics;
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
/// p_i = g_i + (the part of the error that returns)
/// d   = mean_i Q(p_i)
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
    private readonly IDividedGradients? _divided;
    private readonly MemoryParts _parts;
    private readonly Channel[] _channels;
    private readonly RankAgreement _agreement;
    private readonly RankAgreement[] _ofBatches = [];
    private readonly BatchExchange _messages;
    private readonly RankState _state;
    private readonly long[] _step = new long[1];
    private readonly long[] _consecutiveSkips = new long[1];
    private long _steps;

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

        Options = options;
        _parameters = parameters;
        _divided = divided;
        _collectives = collectives;
        _settings = settings ?? new StepSettings();
        _parts = new MemoryParts(parameters
            .Select(parameter => Channel.CompressedView(parameter.Shape, parameter.Name, options)?.Length ?? 0).DefaultIfEmpty(0).Max());
        WorkSharing work = new(_settings.Threads);
        // Divided gradients that travel whole are summed in their own memory, without messages.
        bool sums = divided is not null && options.Compressor == Compressor.None;
        _channels = sums ? [] : [.. parameters.Select((parameter, i) => new Channel(parameter, i, options, _parts, work))];
        _agreement = new RankAgreement(parameters, collectives, checkEvery);
        if (divided is null || sums)
        {
            _messages = new BatchExchange([_channels], options, collectives, local);
        }
        else
        {
            RequireNoSkips(_settings);
            _messages = new BatchExchange(
                [.. divided.Batches.Select(batch => batch.Select(i => _channels[i]).ToArray())], options, collectives, local);
            _ofBatches =
            [
                .. divided.Batches.Select(batch => new RankAgreement([.. batch.Select(i => parameters[i])], collectives, checkEvery: 0)),
            ];
            divided.ExchangeBy(ExchangeBatch);
        }

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
        _messages.ScratchBytes + _agreement.Bytes + _ofBatches.Sum(agreement => agreement.Bytes) + _parts.Bytes;

    /// <inheritdoc/>
    public IGradientHolder? Gradients => _divided;

    /// <inheritdoc/>
    public ExchangeAccount Account => new(
        _steps,
        _messages.SentBytes + (_divided?.SentBytes ?? 0),
        _messages.DenseBytes + (_divided?.SentBytes ?? 0),
        _messages.CodecTicks / (double)Stopwatch.Frequency,
        (_messages.NetworkTicks + (_divided?.NetworkTicks ?? 0)) / (double)Stopwatch.Frequency);

    /// <inheritdoc/>
    public StepReport BeforeStep()
    {
        if (_agreement.Agree(_step[0], FirstBad()) is { } bad)
        {
            string parameter = _parameters[bad.Parameter].Name;
            if (_settings.NonFinite == NonFinitePolicy.Throw
                || (_settings.NonFinite == NonFinitePolicy.SkipAtMost && _consecutiveSkips[0] >= _settings.MaxConsecutiveSkips))
            {
                throw new NonFiniteGradientException(parameter, bad.Index, bad.Value);
            }

            _consecutiveSkips[0]++;
            return new StepReport(Applied: false, double.NaN, parameter, bad.Index);
        }

        _consecutiveSkips[0] = 0;
        if (_divided is null)
        {
            _messages.Run(batch: 0, _step[0]);
        }

        _step[0]++;
        _steps++;
        return new StepReport(Applied: true, double.NaN, null, -1);
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

    // A bucket of divided gradients, complete on all ranks.
    private BadEntry? ExchangeBatch(int batch)
    {
        RankAgreement agreement = _ofBatches[batch];
        BadEntry? own = _settings.NonFinite == NonFinitePolicy.Off ? null : BadEntry.First(agreement.Parameters);
        if (agreement.Agree(_step[0], own) is { } bad)
        {
            return bad with { Parameter = _divided!.Batches[batch][bad.Parameter] };
        }

        _messages.Run(batch, _step[0]);
        return null;
    }

    // When a gradient is found not to be finite, errors of buckets before it have been updated already.
    private static void RequireNoSkips(StepSettings settings)
    {
        if (settings.NonFinite is NonFinitePolicy.Skip or NonFinitePolicy.SkipAtMost)
        {
            throw new ArgumentException(
                $"The setting nonFinite is {settings.NonFinite}; where gradients are divided and compressed a step cannot be skipped, "
                    + "because a part of its errors has been updated before: it must be Throw or Off.",
                nameof(settings));
        }
    }
}
