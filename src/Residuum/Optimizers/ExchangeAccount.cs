namespace Residuum.Optimizers;

/// <summary>What the exchanges of one rank have sent and cost.</summary>
/// <param name="Steps">Exchanged steps.</param>
/// <param name="MessageBytes">The bytes of gradients in this rank's messages, as they were handed to the network, in all.</param>
/// <param name="DenseBytes">The bytes that uncompressed messages would have had.</param>
/// <param name="CodecSeconds">Time spent compressing, decompressing and updating error memories.</param>
/// <param name="NetworkSeconds">Time spent in collective calls that move gradients, waiting for other ranks included.</param>
public readonly record struct ExchangeAccount(
    long Steps, long MessageBytes, long DenseBytes, double CodecSeconds, double NetworkSeconds);
