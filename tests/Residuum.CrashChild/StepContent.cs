using Residuum.State;

namespace Residuum.CrashChild;

/// <summary>A checkpoint's content that follows from the step alone: 3 MB in three tensors.</summary>
public static class StepContent
{
    private const int Elements = 1 << 19;

    public static CheckpointContent Of(long step)
    {
        float[] weights = new float[Elements];
        ushort[] state = new ushort[Elements];
        for (int i = 0; i < Elements; i++)
        {
            weights[i] = (i * 0.5f) + step;
            state[i] = (ushort)((i * 31) + step);
        }

        CheckpointContent content = new();
        content.Add(new Parameter("weight", [Elements], weights, new float[Elements]));
        content.Add(StateField.Of<ushort>("weight", new FieldSpec("m", ElementType.BF16, Elements), state), "optim.");
        content.Add(StateField.Of<long>(null, new FieldSpec("trainer.step", ElementType.I64), new[] { step }));
        content.Require("step", step.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return content;
    }
}
