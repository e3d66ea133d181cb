using System.Runtime.InteropServices;

namespace Residuum.Distributed.Collectives;

/// <summary>The functions of MPI that are used; the same names and shapes in all libraries. Found by <see cref="MpiLibrary"/>.</summary>
internal static partial class MpiFunctions
{
    /// <summary>The name that the functions are imported from; <see cref="MpiLibrary"/> says which file that is.</summary>
    public const string Library = "mpi";

    [LibraryImport(Library)]
    public static partial int MPI_Get_library_version(ref byte text, ref int length);

    [LibraryImport(Library)]
    public static partial int MPI_Initialized(ref int flag);

    [LibraryImport(Library)]
    public static partial int MPI_Init_thread(nint argc, nint argv, int required, ref int provided);

    [LibraryImport(Library)]
    public static partial int MPI_Finalize();

    [LibraryImport(Library)]
    public static partial int MPI_Abort(nint comm, int code);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_rank(nint comm, ref int rank);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_size(nint comm, ref int size);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_set_errhandler(nint comm, nint handler);

    [LibraryImport(Library)]
    public static partial int MPI_Error_string(int code, ref byte text, ref int length);

    [LibraryImport(Library)]
    public static partial int MPI_Ibarrier(nint comm, ref nint request);

    [LibraryImport(Library)]
    public static partial int MPI_Test(ref nint request, ref int flag, nint status);

    [LibraryImport(Library)]
    public static partial int MPI_Bcast(ref byte buffer, int count, nint type, int root, nint comm);

    [LibraryImport(Library)]
    public static partial int MPI_Allreduce(nint send, ref float receive, int count, nint type, nint op, nint comm);

    [LibraryImport(Library)]
    public static partial int MPI_Allgather(
        ref float send, int sendCount, nint sendType, ref float receive, int receiveCount, nint receiveType, nint comm);

    [LibraryImport(Library)]
    public static partial int MPI_Allgatherv(
        ref byte send, int sendCount, nint sendType, ref byte receive, ref int counts, ref int displacements, nint receiveType, nint comm);

    [LibraryImport(Library)]
    public static partial int MPI_Reduce_scatter(ref float send, ref float receive, ref int counts, nint type, nint op, nint comm);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetNativeEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int SendSignal(int process, int signal);
}
