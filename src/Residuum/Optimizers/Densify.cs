namespace Residuum.Optimizers;

/// <summary>Whether and how the error moves the parameters (methods page of MicroAdam, section 8).</summary>
public enum Densify
{
    /// <summary>Not at all: the update is sparse.</summary>
    None,

    /// <summary>A share alpha of the error joins the update and leaves the error (8.1).</summary>
    ErrorFeedback,

    /// <summary>What 4 bits could not hold of the error goes straight into the parameters, without a learning rate (8.2).</summary>
    QuantizationResidual,
}
