namespace Residuum.Schedules;

/// <summary>Makes a schedule of its kind and settings, whichever notation they were read from.</summary>
internal static class ScheduleFactory
{
    private static readonly string[] Kinds =
    [
        "constant", "linear", "step", "multi-step", "exponential", "polynomial", "cosine", "cosine-restarts", "cyclic", "one-cycle",
        "warm-up-stable-decay", "plateau",
    ];

    /// <summary>With the setting <c>warmup</c>, the schedule is preceded by a warm-up and ends when it would have ended without.</summary>
    /// <param name="settings">What was read.</param>
    /// <param name="totalSteps">The end of a schedule that names none; null if it must.</param>
    public static Schedule Make(ScheduleSettings settings, long? totalSteps)
    {
        bool hasOwnWarmUp = settings.Kind == "warm-up-stable-decay";
        long warmUp = hasOwnWarmUp ? 0 : Require.AtLeast(settings.Count("warmup", 0), 0, "warmup");
        Schedule schedule = MakeKind(settings, totalSteps, warmUp);
        settings.RefuseUnknown();
        return warmUp == 0 ? schedule : new WarmUpSchedule { Steps = warmUp, Next = schedule };
    }

    private static Schedule MakeKind(ScheduleSettings settings, long? totalSteps, long warmUp) => settings.Kind switch
    {
        "constant" => new ConstantSchedule { Factor = settings.Number("factor", 1), Steps = settings.Count("steps", 0) },
        "linear" => new LinearSchedule
        {
            Start = settings.Number("start", 1),
            End = settings.Number("end", 0),
            Steps = StepsAfterWarmUp(settings, totalSteps, warmUp),
        },
        "step" => new StepSchedule { Size = settings.Count("size", null), Gamma = settings.Number("gamma", 0.1) },
        "multi-step" => new MultiStepSchedule { Milestones = settings.Counts("milestones"), Gamma = settings.Number("gamma", 0.1) },
        "exponential" => new ExponentialSchedule { Gamma = settings.Number("gamma", null) },
        "polynomial" => new PolynomialSchedule
        {
            Steps = StepsAfterWarmUp(settings, totalSteps, warmUp),
            Power = settings.Number("power", 1),
        },
        "cosine" => new CosineSchedule
        {
            Steps = StepsAfterWarmUp(settings, totalSteps, warmUp),
            Minimum = settings.Number("min", 0),
            Periodic = settings.Flag("periodic"),
        },
        "cosine-restarts" => new CosineRestartsSchedule
        {
            Period = settings.Count("period", null),
            Multiplier = settings.Count("multiplier", 1),
            Minimum = settings.Number("min", 0),
        },
        "cyclic" => MakeCyclic(settings),
        "one-cycle" => new OneCycleSchedule
        {
            Steps = StepsAfterWarmUp(settings, totalSteps, warmUp),
            PeakFraction = settings.Number("peakFraction", 0.3),
            StartDivisor = settings.Number("startDivisor", 25),
            EndDivisor = settings.Number("endDivisor", 1e4),
            Shape = settings.Word("shape", ("cosine", AnnealingShape.Cosine), ("linear", AnnealingShape.Linear)),
            ThreePhases = settings.Flag("threePhases"),
        },
        "warm-up-stable-decay" => MakeStable(settings, totalSteps),
        "plateau" => new PlateauSchedule
        {
            Factor = settings.Number("factor", 0.1),
            Patience = settings.Count("patience", 10),
            Threshold = settings.Number("threshold", 1e-4),
            Absolute = settings.Flag("absolute"),
            Maximize = settings.Flag("maximize"),
            Cooldown = settings.Count("cooldown", 0),
            Minimum = settings.Number("min", 0),
            Epsilon = settings.Number("epsilon", 1e-8),
        },
        _ => throw new FormatException(NearestName.Explain("schedule", settings.Kind, Kinds)),
    };

    /// <summary>
    /// In text, <c>steps</c> counts from the start of the run; the schedule after a warm-up counts from the warm-up's end.
    /// </summary>
    private static long StepsAfterWarmUp(ScheduleSettings settings, long? totalSteps, long warmUp)
    {
        long end = settings.Count("steps", totalSteps);
        return end > warmUp
            ? end - warmUp
            : throw new FormatException($"The schedule '{settings.Kind}' ends after {end} updates, but its warm-up takes {warmUp}.");
    }

    private static CyclicSchedule MakeCyclic(ScheduleSettings settings)
    {
        long up = settings.Count("up", 2000);
        return new CyclicSchedule
        {
            Maximum = settings.Number("max", null),
            StepsUp = up,
            StepsDown = settings.Count("down", up),
            Mode = settings.Word(
                "mode",
                ("triangular", CyclicMode.Triangular),
                ("triangular2", CyclicMode.Triangular2),
                ("exp-range", CyclicMode.ExponentialRange)),
            Gamma = settings.Number("gamma", 1),
        };
    }

    private static WarmUpStableDecaySchedule MakeStable(ScheduleSettings settings, long? totalSteps)
    {
        long total = settings.Count("steps", totalSteps);
        return new WarmUpStableDecaySchedule
        {
            Steps = total,
            WarmUp = settings.Count("warmup", 0),
            Decay = settings.Count("decay", Math.Max(1, total / 5)),
            Minimum = settings.Number("min", 0),
            Shape = settings.Word("shape", ("linear", AnnealingShape.Linear), ("one-minus-sqrt", AnnealingShape.OneMinusSquareRoot)),
        };
    }
}
