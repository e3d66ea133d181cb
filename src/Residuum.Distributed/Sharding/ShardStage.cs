namespace Residuum.Distributed.Sharding;

/// <summary>What is divided between the ranks (the stages of ZeRO, arXiv:1910.02054).</summary>
public enum ShardStage
{
    /// <summary>The optimizer's state.</summary>
    State = 1,

    /// <summary>Gradients too: a rank keeps those of the entries whose state it has.</summary>
    Gradients = 2,

    /// <summary>Parameters too: a rank keeps the values of the entries whose state it has.</summary>
    Parameters = 3,
}
