"""How fast the engine and the rates of return are, as ratios within one run: ``python -m benchmarks``."""

import os

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # before NumPy is imported: all sides with one thread
