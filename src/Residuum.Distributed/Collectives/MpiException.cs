namespace Residuum.Distributed.Collectives;

/// <summary>MPI is not there, was started by a launcher of another family, or has refused a call.</summary>
/// <param name="message">What happened.</param>
public sealed class MpiException(string message) : Exception(message);
