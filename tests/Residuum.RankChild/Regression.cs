using System.Globalization;
using System.Runtime.InteropServices;
using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Numerics;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.RankChild;

/// <summary>
/// A small linear regression that the ranks train together, with a checkpoint now and then. Rows and noise are functions of the step, so
/// runs on
/// any number of ranks see the same batches.
/// </summary>
internal sealed class Regression
{
    private const int Steps = 120;
    private const int SaveEvery = 20;
    private const int Batch = 48;
    private const int Inputs = 20;
    private const int Outputs = 12;
    private const double Noise = 0.3;

    private readonly ICollectives _ranks;
    private readonly string _folder;
    private readonly Parameter _weight = new("w", Outputs, Inputs);
    private readonly Parameter _bias = new("b", Outputs);
    private readonly ExchangedSgd _method;
    private readonly double[] _teacher = new double[Outputs * Inputs];

    /// <summary>Prepares a run.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="folder">Where its checkpoint is, if it has one, and goes.</param>
    /// <param name="exchange">How gradients travel.</param>
    /// <param name="options">Options of that, <c>key=value</c> with semicolons between.</param>
    public Regression(ICollectives ranks, string folder, string exchange, string options)
    {
        _ranks = ranks;
        _folder = folder;
        CounterRandom random = new(seed: 1, stream: 0);
        for (int i = 0; i < _teacher.Length; i++)
        {
            _teacher[i] = random.Normal((ulong)i);
        }

        IEnumerable<KeyValuePair<string, string>> read = options.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(option => new KeyValuePair<string, string>(option.Split('=')[0], option.Split('=')[1]));
        _method = ExchangedSgd.Create(
            [new GroupOptions<SgdOptions>([_weight, _bias], new SgdOptions { LearningRate = 0.05, Momentum = 0.5 })],
            ExchangeKind.Get(exchange).Read(read),
            ranks,
            new StepSettings { Threads = 1 });
    }

    private string CheckpointFile => Path.Combine(_folder, "run.safetensors");

    /// <summary>Trains to the end.</summary>
    /// <param name="beforeStep">What happens before a step.</param>
    public void Run(Action<long> beforeStep)
    {
        if (File.Exists(CheckpointFile))
        {
            Checkpoint.Load(CheckpointFile, Content(content => _method.Exchange.Resume(content, CheckpointFile)));
            WriteMeanError("resumed");
        }

        double losses = 0;
        while (_method.Exchange.Step < Steps)
        {
            long step = _method.Exchange.Step;
            beforeStep(step);
            double loss = Differentiate(step);
            losses += step >= Steps - (Steps / 10) ? loss : 0;
            _method.Step();
            if (_method.Exchange.Step % SaveEvery == 0)
            {
                Save();
            }
        }

        if (_ranks.Rank == 0)
        {
            Console.WriteLine($"loss {(losses / (Steps / 10)).ToString("R", CultureInfo.InvariantCulture)}");
        }
    }

    /// <summary>
    /// Sets the gradients to those of this rank's rows, so that the mean over ranks is that of the batch; gives the batch's mean loss.
    /// </summary>
    private double Differentiate(long step)
    {
        CounterRandom random = new(seed: 2, stream: (ulong)step);
        Span<float> w = _weight.Gradient.Span;
        Span<float> b = _bias.Gradient.Span;
        w.Clear();
        b.Clear();
        Span<double> x = stackalloc double[Inputs];
        double share = (double)_ranks.Size / Batch;
        double loss = 0;
        for (int row = _ranks.Rank; row < Batch; row += _ranks.Size)
        {
            ulong first = (ulong)(row * (Inputs + Outputs));
            for (int i = 0; i < Inputs; i++)
            {
                x[i] = random.Normal(first + (ulong)i);
            }

            for (int o = 0; o < Outputs; o++)
            {
                double difference = _bias.Values.Span[o] - (Noise * random.Normal(first + (ulong)(Inputs + o)));
                for (int i = 0; i < Inputs; i++)
                {
                    difference += (_weight.Values.Span[(o * Inputs) + i] - _teacher[(o * Inputs) + i]) * x[i];
                }

                loss += difference * difference / 2 / Batch;
                b[o] += (float)(share * difference);
                for (int i = 0; i < Inputs; i++)
                {
                    w[(o * Inputs) + i] += (float)(share * difference * x[i]);
                }
            }
        }

        Span<double> sum = [loss];
        _method.Exchange.Sum(sum);
        return sum[0];
    }

    private void Save()
    {
        CheckpointContent content = Content(_method.Exchange.AddTo);
        WriteMeanError("saved");
        if (_ranks.Rank == 0)
        {
            Checkpoint.Save(CheckpointFile, content);
        }
    }

    private CheckpointContent Content(Action<CheckpointContent> exchange)
    {
        CheckpointContent content = new();
        content.Add(_method.Optimizer);
        exchange(content);
        return content;
    }

    /// <summary>Writes the mean over ranks of what they remember of their own.</summary>
    private void WriteMeanError(string name)
    {
        using MemoryStream stream = new();
        foreach (StateField field in _method.Exchange.RankFields)
        {
            field.Write(stream);
        }

        double[] mean = [.. MemoryMarshal.Cast<byte, float>(stream.ToArray()).ToArray().Select(x => (double)x / _ranks.Size)];
        _method.Exchange.Sum(mean);
        if (_ranks.Rank == 0)
        {
            File.WriteAllLines(Path.Combine(_folder, $"{name}-at-{_method.Exchange.Step}"), mean.Select(x => x.ToString("R", CultureInfo.InvariantCulture)));
        }
    }
}
