using System.Runtime.InteropServices;
using Residuum.Cli;

using CancellationTokenSource interrupted = new();
bool finishes = CommandLine.FinishesWhenInterrupted(args);

// The first Ctrl-C (or SIGTERM) asks a verb that can end in order to finish what it is doing; the second, or the first to any other verb,
// ends the process at once.
void Interrupt(PosixSignalContext context)
{
    context.Cancel = finishes && !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}

using PosixSignalRegistration keyboard = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
return CommandLine.Run(args, Console.Out, Console.Error, interrupted.Token);
