namespace Residuum.Optimizers;

/// <summary>What weight decay does in the methods with a window of gradients (methods page of EFCP, section 8).</summary>
public enum WeightDecayMode
{
    /// <summary>lambda w joins the gradient before anything else.</summary>
    L2,

    /// <summary>w = (1 - eta lambda) w before the update.</summary>
    DecoupledLr,

    /// <summary>w = (1 - lambda) w before the update: it does not decay with the learning rate.</summary>
    Decoupled,
}
