using System.Diagnostics;
using Residuum.Compression;
using Residuum.Distributed.Collectives;
using Residuum.Numerics;

namespace Residuum.Distributed.Exchange;

/// <summary>Exchanges the gradients of a batch: of all parameters, or where gradients are divided of a bucket.</summary>
/// <remarks>
/// <code>
/// p_i = g_i + (the part of the error that returns)        in place of the gradient
/// d   = mean_i Q(p_i)                                     small messages of the batch in one call
/// r_i = p_i - s_i, into the error memory                  s_i: what counts as sent
/// </code>
/// then d takes the gradient's place.
/// </remarks>
internal sealed class BatchExchange
{
    private readonly IReadOnlyList<Channel[]> _batches;
    private readonly int _ranks;
    private readonly int _startCompressionStep;
    private readonly LocalStepSgd? _local;
    private readonly MessageBuffers _messages;
    private long _codecTicks;

    /// <summary>Takes the memory of messages.</summary>
    /// <param name="batches">The parameters' ways.</param>
    /// <param name="options">How gradients travel.</param>
    /// <param name="collectives">The ranks.</param>
    /// <param name="local">SGD whose updates are exchanged, or null.</param>
    public BatchExchange(IReadOnlyList<Channel[]> batches, ExchangeOptions options, ICollectives collectives, LocalStepSgd? local)
    {
        _batches = batches;
        _ranks = collectives.Size;
        _startCompressionStep = options.StartCompressionStep;
        _local = local;
        _messages = new MessageBuffers(batches, collectives);
    }

    /// <summary>The bytes of messages, and of what compressors and error memories work in.</summary>
    public long ScratchBytes => _messages.Bytes
        + _batches.Sum(batch => batch.Sum(channel => (channel.Compressor?.ScratchBytes ?? 0) + (channel.Memory?.ScratchBytes ?? 0)));

    /// <summary>The bytes that this rank has handed to the network.</summary>
    public long SentBytes => _messages.SentBytes;

    /// <summary>The bytes that it would have handed over without compression.</summary>
    public long DenseBytes { get; private set; }

    /// <summary>The time spent in calls, in ticks of <see cref="Stopwatch"/>.</summary>
    public long NetworkTicks => _messages.NetworkTicks;

    /// <summary>The time spent on messages beside the calls.</summary>
    public long CodecTicks => _codecTicks - NetworkTicks;

    /// <summary>Exchanges a batch. Which parameters have a gradient is the same on all ranks.</summary>
    /// <param name="batch">Which one.</param>
    /// <param name="step">The step, from 0.</param>
    public void Run(int batch, long step)
    {
        long start = Stopwatch.GetTimestamp();
        Channel[] channels = _batches[batch];
        _local?.ClipGradients();
        _messages.Plan(channels, step >= _startCompressionStep);
        foreach (Channel channel in channels)
        {
            if (channel.Route != Route.None)
            {
                DenseBytes += channel.Dense.MessageBytes;
                _local?.MakeUpdate(channel.Index);
                Encode(channel, channel.Parameter.Gradient.Span, step);
            }
        }

        _messages.SumRound(0);
        _messages.Gather();
        if (_messages.HasSecondRound)
        {
            SendSecondRound(channels);
        }

        foreach (Channel channel in channels)
        {
            Decode(channel, channel.Parameter.Gradient.Span);
        }

        _codecTicks += Stopwatch.GetTimestamp() - start;
    }

    // p takes the gradient's place, and what is sent of it goes into the messages.
    private void Encode(Channel channel, Span<float> gradient, long step)
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
                summed.Begin(step);
                summed.Encode(0, gradient, _messages.Summed(channel, summed, 0));
                break;
            case Route.Gathered:
                GatheredCompressor gathered = (GatheredCompressor)channel.Compressor!;
                channel.Memory!.AddTo(gradient, gradient, 0);
                gathered.Begin(step);
                gathered.Encode(gradient, _messages.Own(channel));
                break;
        }
    }

    private void SendSecondRound(Channel[] channels)
    {
        foreach (Channel channel in channels)
        {
            if (channel.Route == Route.Summed && channel.Compressor is SummedCompressor { Rounds: 2 } compressor)
            {
                compressor.Receive(0, _messages.Summed(channel, compressor, 0), _ranks);
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
                VectorKernels.Divide(gradient, _ranks, gradient);
                break;
            case Route.Whole:
                channel.Dense.Decode(_messages.Summed(channel, channel.Dense, 0), _ranks, gradient);
                break;
            case Route.Summed:
                SummedCompressor summed = (SummedCompressor)channel.Compressor!;
                ReadOnlySpan<float> sum = _messages.Summed(channel, summed, summed.Rounds - 1);
                summed.Receive(summed.Rounds - 1, sum, _ranks);
                summed.Remove(gradient);
                channel.Memory!.Update(gradient, 0);
                summed.Decode(sum, _ranks, gradient);
                break;
            case Route.Gathered:
                GatheredCompressor gathered = (GatheredCompressor)channel.Compressor!;
                gathered.Remove(gradient, _messages.Own(channel));
                channel.Memory!.Update(gradient, 0);
                gradient.Clear();
                for (int rank = 0; rank < _ranks; rank++)
                {
                    gathered.AddDecoded(_messages.Of(rank, channel), gradient);
                }

                VectorKernels.Divide(gradient, _ranks, gradient);
                break;
        }
    }
}
