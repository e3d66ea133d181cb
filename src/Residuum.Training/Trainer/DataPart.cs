namespace Residuum.Training.Trainer;

/// <summary>A part of the data that a model is judged on.</summary>
public enum DataPart
{
    /// <summary>What rates and other settings are chosen by.</summary>
    Validation,

    /// <summary>What is reported; never used to choose anything.</summary>
    Test,
}
