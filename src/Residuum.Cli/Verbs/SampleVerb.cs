using System.CommandLine;
using System.Text;
using Residuum.Numerics;
using Residuum.Training.Data;
using Residuum.Training.Differentiation;
using Residuum.Training.Models;
using Residuum.Training.Recipes;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum sample</c>: lets the language model of a checkpoint continue a text.</summary>
internal sealed class SampleVerb
{
    private readonly Argument<string> _checkpoint = new("checkpoint")
    {
        Description = "A checkpoint of a text recipe, or a run's folder for its newest one.",
    };

    private readonly Option<string> _prompt = new("--prompt")
    {
        Description = "The text to continue.",
        HelpName = "TEXT",
        DefaultValueFactory = _ => "Fellow citizens",
    };

    private readonly Option<int> _tokens = new("--tokens")
    {
        Description = "How many tokens to add.",
        HelpName = "N",
        DefaultValueFactory = _ => 200,
    };

    private readonly Option<double> _temperature = new("--temperature")
    {
        Description = "0: always the most likely token; 1: the model's own probabilities.",
        HelpName = "T",
        DefaultValueFactory = _ => 0.8,
    };

    private readonly Option<int?> _topK = new("--top-k")
    {
        Description = "Choose among the K most likely tokens only (default: all).",
        HelpName = "K",
    };

    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of the choices.", HelpName = "N" };

    private SampleVerb()
    {
    }

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        SampleVerb sample = new();
        Command verb = new("sample", "Continue a text with the language model of a checkpoint.")
        {
            sample._checkpoint, sample._prompt, sample._tokens, sample._temperature, sample._topK, sample._seed,
        };
        verb.SetAction((parse, interrupted) => Task.FromResult(sample.Run(parse, interrupted)));
        return verb;
    }

    private int Run(ParseResult parse, CancellationToken interrupted)
    {
        int wanted = parse.GetValue(_tokens);
        string prompt = parse.GetRequiredValue(_prompt);
        if (wanted < 0)
        {
            throw new UsageException($"--tokens is {wanted}; it must be at least 0.");
        }

        if (prompt.Length == 0)
        {
            throw new UsageException("--prompt is empty; the model needs at least one character to continue.");
        }

        TokenSampler sampler = new(parse.GetValue(_temperature), parse.GetValue(_topK), parse.GetValue(_seed));
        SavedRun saved = SavedRun.Open(parse.GetRequiredValue(_checkpoint));
        if (saved.Recipe is not TextRecipe recipe)
        {
            throw new UsageException(
                $"The checkpoint is of {saved.Recipe.Name}, which is no language model; sample needs one of a text recipe.");
        }

        ITokenizer tokenizer = recipe.Tokenizer();
        DecoderTransformer model = new(TextRecipe.SizeOf(saved.Settings, tokenizer.Vocabulary), seed: 0);
        saved.LoadInto(model);
        GenerationSession session = new(model, new Tape(new WorkSharing(Environment.ProcessorCount)));
        return Write(parse.InvocationConfiguration.Output, tokenizer, session, sampler, prompt, wanted, interrupted);
    }

    private static int Write(
        TextWriter output,
        ITokenizer tokenizer,
        GenerationSession session,
        TokenSampler sampler,
        string prompt,
        int wanted,
        CancellationToken interrupted)
    {
        int[] tokens = [.. tokenizer.Encode(Encoding.UTF8.GetBytes(prompt)).Select(token => (int)token)];
        ReadOnlySpan<float> logits = session.Append(tokens);
        output.Write(prompt);

        // A character may consist of several tokens; the decoder waits for its last byte.
        Decoder decoder = Encoding.UTF8.GetDecoder();
        char[] characters = new char[256];
        for (int position = 0; position < wanted && !interrupted.IsCancellationRequested; position++)
        {
            int token = sampler.Choose(logits, position);
            byte[] bytes = tokenizer.Decode([(ushort)token]);
            output.Write(characters, 0, decoder.GetChars(bytes, characters, flush: false));
            output.Flush();
            if (position < wanted - 1)
            {
                logits = session.Append(token);
            }
        }

        output.WriteLine();
        return interrupted.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Fine;
    }
}
