# Times sgemm of the OpenBLAS that the system has. Argument: threads. The first line of output names its kernels;
# a line "m n k seconds" asks for products of that shape, and the answer is a line of JSON.
import ctypes, json, sys, time
from array import array

try:
    library = ctypes.CDLL("libopenblas.so.0")
except OSError:
    sys.exit(3)

library.openblas_get_corename.restype = ctypes.c_char_p
library.openblas_set_num_threads(int(sys.argv[1]))
print(json.dumps({"kernel": library.openblas_get_corename().decode(), "nanoseconds": []}), flush=True)
pattern = array("f", [(i * 37 % 101) / 101 - 0.5 for i in range(1009)])


def matrix(length):
    numbers = (pattern * (length // len(pattern) + 1))[:length]
    return (ctypes.c_float * length).from_buffer(numbers)


for line in sys.stdin:
    m, n, k, seconds = line.split()
    m, n, k = int(m), int(n), int(k)
    a, b, c = matrix(m * k), matrix(k * n), matrix(m * n)
    one, zero = ctypes.c_float(1), ctypes.c_float(0)
    times, begin = [], time.perf_counter()
    while len(times) < 3 or time.perf_counter() - begin < float(seconds):
        start = time.perf_counter_ns()
        library.cblas_sgemm(101, 111, 111, m, n, k, one, a, k, b, n, zero, c, n)
        times.append(time.perf_counter_ns() - start)
    print(json.dumps({"kernel": "", "nanoseconds": times}), flush=True)
