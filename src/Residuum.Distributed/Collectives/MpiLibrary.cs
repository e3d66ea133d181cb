using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Residuum.Distributed.Collectives;

/// <summary>The MPI library of this process: found by name, bound at run time, loaded once.</summary>
internal sealed class MpiLibrary
{
    /// <summary>The environment variable that names the library's file.</summary>
    public const string FileVariable = "RESIDUUM_MPI_LIBRARY";

    private static readonly string[] OpenMpiNames = ["libmpi.so.40"];
    private static readonly string[] MpichNames = ["libmpi.so.12", "libmpich.so.12"];
    private static readonly string[] AbiNames = ["libmpi_abi.so.0", "libmpi_abi.so.1"];

    private static readonly Lazy<MpiLibrary> Instance = new(() => new MpiLibrary());

    private MpiLibrary()
    {
        // UCX, which MPICH and Open MPI may load, catches SIGSEGV and would turn every null reference into the end of the process. It reads
        // the process's own environment, which .NET's is only a copy of.
        _ = MpiFunctions.SetNativeEnvironment("UCX_ERROR_SIGNALS", "", overwrite: 0);
        (File, nint handle) = Load();
        Flavour = NativeLibrary.TryGetExport(handle, "ompi_mpi_comm_world", out _) ? MpiFlavour.OpenMpi
            : File.Contains("libmpi_abi", StringComparison.Ordinal) ? MpiFlavour.StandardAbi
            : MpiFlavour.Mpich;
        Constants = MpiConstants.Of(Flavour, handle);
        NativeLibrary.SetDllImportResolver(
            typeof(MpiLibrary).Assembly, (name, _, _) => name == MpiFunctions.Library ? handle : 0);
        byte[] text = new byte[8192];
        int length = 0;
        _ = MpiFunctions.MPI_Get_library_version(ref text[0], ref length);
        Version = Encoding.UTF8.GetString(text, 0, Math.Clamp(length, 0, text.Length)).Split('\n')[0].Trim('\0', ' ');
    }

    /// <summary>The library.</summary>
    /// <exception cref="MpiException">None was found.</exception>
    public static MpiLibrary Loaded => Instance.Value;

    /// <summary>The file's name.</summary>
    public string File { get; }

    /// <summary>Its family.</summary>
    public MpiFlavour Flavour { get; }

    /// <summary>What it says of itself.</summary>
    public string Version { get; }

    /// <summary>Its handles and numbers.</summary>
    public MpiConstants Constants { get; }

    /// <summary>The text of an error code.</summary>
    public static string ErrorText(int code)
    {
        byte[] text = new byte[8192];
        int length = 0;
        return MpiFunctions.MPI_Error_string(code, ref text[0], ref length) == 0
            ? Encoding.UTF8.GetString(text, 0, Math.Clamp(length, 0, text.Length))
            : code.ToString(CultureInfo.InvariantCulture);
    }

    private static (string File, nint Handle) Load()
    {
        string? asked = Environment.GetEnvironmentVariable(FileVariable);
        string[] names = !string.IsNullOrEmpty(asked) ? [asked]
            : Launcher.IsHydra ? [.. MpichNames, .. AbiNames, .. OpenMpiNames]
            : [.. OpenMpiNames, .. AbiNames, .. MpichNames];
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                return (name, handle);
            }
        }

        throw new MpiException(
            $"No MPI library was found under the names {string.Join(", ", names)}; "
                + $"install Open MPI or MPICH, or name the file in {FileVariable}.");
    }
}
