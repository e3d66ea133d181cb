using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.Distributed.Tests.Exchange;

/// <summary>Exchanges on several ranks of this process, with gradients that are functions of rank and step.</summary>
internal static class Ranks
{
    public static ExchangeOptions Options(string name, string options) => ExchangeKind.Get(name).Read(Read(options));

    public static KeyValuePair<string, string>[] Read(string options) =>
        [.. options.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(option => new KeyValuePair<string, string>(option.Split('=')[0], option.Split('=')[1]))];

    /// <summary>A gradient entry: standard normal.</summary>
    public static void Draw(Parameter parameter, int rank, int step)
    {
        CounterRandom random = new((ulong)(parameter.Length + (1000 * rank)), stream: (ulong)step);
        for (int i = 0; i < parameter.Length; i++)
        {
            parameter.Gradient.Span[i] = (float)random.Normal((ulong)i);
        }
    }

    /// <summary>The values of all parameters one after the other, also where they are divided between the ranks: then all call this.</summary>
    public static float[] ValuesOf(IEnumerable<Parameter> parameters, IExchange exchange)
    {
        List<float> values = [];
        foreach (Parameter parameter in parameters)
        {
            exchange.Values?.Lend(parameter);
            values.AddRange(parameter.Values.Span);
            exchange.Values?.Release();
        }

        return [.. values];
    }

    /// <summary>Takes steps of SGD with rate 1 and looks after each.</summary>
    /// <param name="ranks">How many ranks.</param>
    /// <param name="name">The exchange.</param>
    /// <param name="options">Its options.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="make">The parameters of a rank.</param>
    /// <param name="differentiate">Sets the gradients of a rank: parameters, rank, step.</param>
    /// <param name="look">Looks after a step: rank, step, parameters, exchange.</param>
    public static void Run(
        int ranks,
        string name,
        string options,
        int steps,
        Func<Parameter[]> make,
        Action<Parameter[], int, int> differentiate,
        Action<int, int, Parameter[], GradientExchange> look) => InProcessGroup.Run(ranks, collectives =>
        {
            Parameter[] parameters = make();
            ExchangedSgd sgd = ExchangedSgd.Create(
                [new GroupOptions<SgdOptions>(parameters, new SgdOptions { LearningRate = 1 })],
                Options(name, options),
                collectives,
                new StepSettings { Threads = 1 });
            for (int step = 0; step < steps; step++)
            {
                differentiate(parameters, collectives.Rank, step);
                sgd.Step();
                look(collectives.Rank, step, parameters, sgd.Exchange);
            }
        });

    /// <summary>The numbers of an exchange's field.</summary>
    public static float[] Field(GradientExchange exchange, string field)
    {
        using MemoryStream stream = new();
        exchange.RankFields.Single(candidate => candidate.Name == field).Write(stream);
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(stream.ToArray()).ToArray();
    }
}
