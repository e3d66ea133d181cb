using System.CommandLine;
using Residuum.Cli.Inspection;
using Residuum.State;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum inspect</c>: what is in a checkpoint, whether it is whole, and how two differ.</summary>
internal static class InspectVerb
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<string[]> files = new("files")
        {
            Description = "A checkpoint (or any safetensors file) to list and verify, or two to compare.",
            HelpName = "FILE",
            Arity = new ArgumentArity(1, 2),
        };
        const string Description =
            "List and verify a checkpoint, or compare two: exit code 0 if their tensors are the same bits, 1 if not, 4 if one is damaged.";
        Command verb = new("inspect", Description) { files };
        verb.SetAction(parse => Run(parse.GetRequiredValue(files), parse.InvocationConfiguration.Output));
        return verb;
    }

    private static int Run(string[] paths, TextWriter output)
    {
        using SafetensorsFile first = Open(paths[0]);
        if (paths.Length == 1)
        {
            CheckpointListing.Write(first, output);
            return ExitCode.Fine;
        }

        using SafetensorsFile second = Open(paths[1]);
        return CheckpointComparison.Write(first, second, output) ? ExitCode.Fine : ExitCode.Failure;
    }

    /// <summary>Our own checkpoints are verified whole; of other files the form is, for they have no checksum.</summary>
    private static SafetensorsFile Open(string path)
    {
        SafetensorsFile file = SafetensorsFile.Open(path);
        if (!CheckpointListing.IsCheckpoint(file))
        {
            return file;
        }

        file.Dispose();
        return Checkpoint.OpenVerified(path);
    }
}
