namespace Residuum.Optimizers;

/// <summary>What a method with a window of gradients keeps of one parameter beside the window.</summary>
internal sealed class WindowTensor
{
    public WindowTensor(Parameter parameter, ParameterGroup group, int offset, ErrorMemory.ErrorMemory error)
    {
        Parameter = parameter;
        Group = group;
        Options = (WindowOptions)group.Options;
        Offset = offset;
        Error = error;
        Momentum = new float[Options.HasMomentum ? parameter.Length : 0];
    }

    public Parameter Parameter { get; }

    public ParameterGroup Group { get; }

    public WindowOptions Options { get; }

    /// <summary>The parameter's first entry in the vector of all parameters.</summary>
    public int Offset { get; }

    /// <summary>e.</summary>
    public ErrorMemory.ErrorMemory Error { get; }

    /// <summary>v; empty without momentum.</summary>
    public float[] Momentum { get; }
}
