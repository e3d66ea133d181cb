using System.Buffers.Binary;
using System.Globalization;

namespace Residuum.Training.Logging;

/// <summary>Writes a TensorBoard event file: scalars and histograms against the step. Not safe for several threads at once.</summary>
/// <remarks>
/// A record is its length (8 bytes), the length's masked CRC-32C, the protobuf message <c>Event</c>, and that message's masked CRC-32C,
/// all little-endian. Every call hands its record to the operating system before it returns, so a crash of the process loses nothing.
/// The file's name holds no host name.
/// </remarks>
public sealed class EventFileWriter : IDisposable
{
    private const int WallTime = 1;
    private const int Step = 2;
    private const int FileVersion = 3;
    private const int Summary = 5;
    private const int SessionLog = 7;

    private readonly FileStream _file;
    private readonly TimeProvider _clock;

    /// <summary>Creates a new event file in a run's directory.</summary>
    /// <param name="directory">The run's directory; made if it does not exist. TensorBoard groups by directory.</param>
    /// <param name="resumedAtStep">
    /// The step of the checkpoint that a run goes on from: TensorBoard then drops what earlier files have after it.
    /// </param>
    /// <param name="clock">Where wall times come from; default: the system's clock.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public EventFileWriter(string directory, long resumedAtStep = 0, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentOutOfRangeException.ThrowIfNegative(resumedAtStep);
        _clock = clock ?? TimeProvider.System;
        Directory.CreateDirectory(directory);
        FilePath = NewPath(directory, _clock.GetUtcNow().ToUnixTimeSeconds());
        _file = new FileStream(FilePath, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        WriteRecord(new ProtobufMessage().Double(WallTime, Now()).Text(FileVersion, "brain.Event:2"));
        if (resumedAtStep > 0)
        {
            // SessionLog { status = START }: events of earlier files from this step on are purged.
            WriteRecord(Event(resumedAtStep + 1).Message(SessionLog, new ProtobufMessage().Integer(1, 1)));
        }

        _file.Flush();
    }

    /// <summary>The file that is written.</summary>
    public string FilePath { get; }

    /// <summary>Adds the scalars of one step, as one record.</summary>
    /// <param name="step">The step they belong to.</param>
    /// <param name="values">Tag and value; a tag's part before a slash groups the charts. TensorBoard keeps scalars as float32.</param>
    /// <exception cref="IOException">The record cannot be written.</exception>
    public void AddScalars(long step, params ReadOnlySpan<KeyValuePair<string, double>> values)
    {
        ProtobufMessage summary = new();
        foreach (KeyValuePair<string, double> value in values)
        {
            summary.Message(1, new ProtobufMessage().Text(1, value.Key).Float(2, (float)value.Value));
        }

        WriteRecord(Event(step).Message(Summary, summary));
        _file.Flush();
    }

    /// <summary>Adds the distribution of a tensor's values at one step. NaN and infinities are left out of the counts.</summary>
    /// <param name="step">The step it belongs to.</param>
    /// <param name="tag">The chart's name.</param>
    /// <param name="values">The values.</param>
    /// <exception cref="IOException">The record cannot be written.</exception>
    public void AddHistogram(long step, string tag, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(tag);
        ProtobufMessage value = new ProtobufMessage().Text(1, tag).Message(5, new HistogramBuckets(values).ToMessage());
        WriteRecord(Event(step).Message(Summary, new ProtobufMessage().Message(1, value)));
        _file.Flush();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static string NewPath(string directory, long unixSeconds)
    {
        for (int n = 0; ; n++)
        {
            string seconds = unixSeconds.ToString("D10", CultureInfo.InvariantCulture);
            string name = $"events.out.tfevents.{seconds}.residuum.{Environment.ProcessId}.{n}";
            string path = Path.Combine(directory, name);
            if (!File.Exists(path))
            {
                return path;
            }
        }
    }

    private ProtobufMessage Event(long step)
    {
        ProtobufMessage message = new ProtobufMessage().Double(WallTime, Now());
        return step == 0 ? message : message.Integer(Step, step);
    }

    private double Now() => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    private void WriteRecord(ProtobufMessage message)
    {
        Span<byte> header = stackalloc byte[12];
        Span<byte> footer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)message.Bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], MaskedCrc32C.Of(header[..8]));
        BinaryPrimitives.WriteUInt32LittleEndian(footer, MaskedCrc32C.Of(message.Bytes));
        _file.Write(header);
        _file.Write(message.Bytes);
        _file.Write(footer);
    }
}
