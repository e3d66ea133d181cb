// Saves one checkpoint after the other into a folder until it is killed. All content follows from the step, so whoever finds a checkpoint
// can tell whether it is whole. Usage: Residuum.CrashChild FOLDER FIRST_STEP; prints a line before each save.
using System.Globalization;
using Residuum.CrashChild;
using Residuum.State;

CheckpointFolder folder = new(args[0]);
for (long step = long.Parse(args[1], CultureInfo.InvariantCulture); ; step++)
{
    CheckpointContent content = StepContent.Of(step);
    Console.WriteLine(step.ToString(CultureInfo.InvariantCulture));
    folder.Save(step, content);
}
