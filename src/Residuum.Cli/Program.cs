using System.Runtime.InteropServices;
using Residuum.Cli;

using CancellationTokenSource interrupted = new();

// The first Ctrl-C (or SIGTERM) asks the verb to finish what it is doing; the second ends the process at once.
void Interrupt(PosixSignalContext context)
{
    context.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}

using PosixSignalRegistration keyboard = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
return CommandLine.Run(args, Console.Out, Console.Error, interrupted.Token);
