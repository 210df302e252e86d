#!/usr/bin/env python3
"""superpose beside NumPy and PyTorch on the same problems, on this machine, in one run.

    make bench-peers [ONLY=A,D2] [ROUNDS=3] [THREADS=1]

Peers: the loop people use (PyTorch: einsum, autograd, AdamW), and the fastest forms we found in NumPy and PyTorch
(loops_numpy.py, loops_torch.py). First each is held to superpose on the same weights and batches (check.py). Then one
round runs every peer and superpose in turn, so that a drift of the machine touches all of them; a ratio is taken within a
round, and the median over rounds is shown. What is compared is a step of all models of the workload: draws, gradient,
update; not start-up. One thread: processor time. More: wall time.
"""
import argparse
import csv
import ctypes
import datetime
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = {"numpy": "python3-numpy", "torch": "python3-torch", "yaml": "python3-yaml"}
WARM_STEPS, SLICES = 2, 3
HEADS = ["workload", "superpose_ms", "notebook_ms", "numpy_ms", "torch_ms", "fastest", "to_notebook", "to_fastest"]


def say_missing():
    missing = [PACKAGES[name] for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit("bench-peers needs %s: packaging/deps.sh peers installs what is missing (Debian, Ubuntu) or names it"
                 % " and ".join(missing))


def blas_here():
    """What NumPy and PyTorch multiply with: name and core, from the libraries this process has loaded."""
    with open("/proc/self/maps") as maps:
        files = {line.split()[-1] for line in maps if ".so" in line}
    for path in sorted(files):
        if "openblas" in os.path.basename(path):
            library = ctypes.CDLL(path)
            for end in ("", "64_", "_64"):
                core = getattr(library, "openblas_get_corename" + end, None)
                if core:
                    core.restype = ctypes.c_char_p
                    return "%s (%s)" % (os.path.basename(path), core().decode())
            return os.path.basename(path)
    names = [os.path.basename(path) for path in files
             if any(word in os.path.basename(path) for word in ("mkl", "blis", "atlas", "armpl", "Accelerate", "blas"))]
    return " ".join(sorted(names)) or "unknown"


def warn_of_slow(blas):
    if blas.startswith("libblas.so") or blas == "unknown" or blas.startswith("libblas "):
        print("WARNING: the BLAS is %s, the slow reference: peers lose a factor of 3 to 8 by it, and ratios mean nothing.\n"
              "         Install libopenblas0-pthread (packaging/deps.sh peers)." % blas, file=sys.stderr)


# ---- one peer, in a process of its own

def loops(problem):
    """name: class, of the peers that suit the problem; the names of the columns."""
    import loops_numpy
    import loops_torch
    fast = "Sparse" if problem.n_models == 1 and problem.p[0] < 0.05 else "Dense"
    return {"notebook": loops_torch.Notebook, "numpy": getattr(loops_numpy, fast), "torch": getattr(loops_torch, fast)}


def measure_peer(path, name, seconds):
    """ms a step: the median of a few slices."""
    import torch
    from problem import Problem
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    problem = Problem(path)
    loop = loops(problem)[name](problem)
    clock = time.process_time if os.environ["OMP_NUM_THREADS"] == "1" else time.perf_counter
    for _ in range(WARM_STEPS):
        loop.step()
    times = []
    for _ in range(SLICES):
        start, n = clock(), 0
        while n == 0 or clock() - start < seconds / SLICES:
            loop.step()
            n += 1
        times.append((clock() - start) / n)
    print(json.dumps({"ms": 1e3 * statistics.median(times), "blas": blas_here()}))


def check_peers(path, superpose):
    """Fails where a peer computes something else than superpose, or draws from another law."""
    import torch
    import check
    from problem import Problem
    problem = Problem(path)
    runs = sorted({0, problem.n_models // 2, problem.n_models - 1})
    with tempfile.TemporaryDirectory() as folder:
        traces = {run: check.trace(superpose, path, run, folder) for run in runs}
    for name, loop_class in loops(problem).items():
        torch.set_grad_enabled(name == "notebook")
        off = max(check.steps_off(loop_class, problem, run, traces[run]) for run in runs)
        errors = check.draws_off(loop_class(problem))
        if not (off < check.TOLERANCE and errors < 5):
            sys.exit("%s: peer %s is not what superpose trains: a weight is off by %.2g after %d steps, draws by %.1f "
                     "standard errors" % (path, name, off, check.STEPS, errors))
    print(json.dumps({}))


# ---- all of them in turn

def run_json(words, env):
    done = subprocess.run(words, env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit("%s failed:\n%s" % (" ".join(words), done.stderr))
    return json.loads(done.stdout)


def measure_superpose(options, path, folder, env):
    store = os.path.join(folder, "side_by_side.db")
    told = run_json([options.superpose, "run", path, "-j%d" % options.threads, "-o", store, "--no-figures", "--quiet",
                     "--json"], env)
    os.remove(store)
    steps = told["results"][0]["steps"]
    return 1e3 * told["train_cpu_s" if options.threads == 1 else "train_wall_s"] / steps


def compare(options, path, env):
    """The row of a workload."""
    me = [sys.executable, os.path.abspath(__file__)]
    name = os.path.splitext(os.path.basename(path))[0]
    if name != "G":  # its trace would take gigabytes; D2 is the same code
        run_json(me + ["--check", path, "--superpose", options.superpose], env)
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            times = {peer: run_json(me + ["--peer", peer, "--seconds", str(options.seconds), path], env)["ms"]
                     for peer in ("notebook", "numpy", "torch")}
            times["superpose"] = measure_superpose(options, path, folder, env)
            rounds.append(times)
    middle = {key: statistics.median(times[key] for times in rounds) for key in rounds[0]}
    fastest = min(("numpy", "torch"), key=middle.get)
    ratio = {peer: statistics.median(times[peer] / times["superpose"] for times in rounds)
             for peer in ("notebook", fastest)}
    return [name, middle["superpose"], middle["notebook"], middle["numpy"], middle["torch"], fastest,
            ratio["notebook"], ratio[fastest]]


def machine():
    with open("/proc/cpuinfo") as info:
        names = [line.split(":")[1].strip() for line in info if line.startswith("model name")]
    return "%s, %d threads" % (names[0] if names else "unknown processor", os.cpu_count())


def compare_all(options):
    import numpy
    import torch
    env = dict(os.environ, OMP_WAIT_POLICY="PASSIVE", OMP_NUM_THREADS=str(options.threads),
               OPENBLAS_NUM_THREADS=str(options.threads))
    blas = blas_here()
    version = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    facts = [datetime.datetime.now().strftime("%Y-%m-%d %H:%M"), machine(), version, options.threads,
             "NumPy %s, PyTorch %s, %s" % (numpy.__version__, torch.__version__, blas)]
    print("%s, %s, superpose %s, threads: %d\n%s" % tuple(facts))
    warn_of_slow(blas)
    print("ms a step of all models; x: how many times as long as superpose")
    print("%-4s %10s %10s %10s %10s   %s" % ("", "superpose", "notebook", "NumPy", "PyTorch", "to notebook  to the fastest"))
    with open(os.path.join(options.folder, "peers.csv"), "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADS + ["date", "processor", "version", "threads", "peers"])
        for path in options.workloads:
            name = os.path.splitext(os.path.basename(path))[0]
            if options.only and name not in options.only.split(","):
                continue
            row = compare(options, path, env)
            print("%-4s %10.4f %10.3f %10.3f %10.3f   x%-10.1f  x%.1f %s" % (*row[:5], row[6], row[7], row[5]), flush=True)
            table.writerow(["%.6g" % value if isinstance(value, float) else value for value in row] + facts)
    print(os.path.join(options.folder, "peers.csv"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workloads", nargs="*")
    parser.add_argument("--superpose", default="build/superpose")
    parser.add_argument("--folder", default="build/bench")
    parser.add_argument("--only", default="")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each peer in a round")
    parser.add_argument("--peer", help="only time this peer on the workload")
    parser.add_argument("--check", help="only hold the peers to superpose on this workload")
    options = parser.parse_args()
    say_missing()
    sys.path.insert(0, HERE)
    if options.peer:
        measure_peer(options.workloads[0], options.peer, options.seconds)
    elif options.check:
        check_peers(options.check, options.superpose)
    else:
        compare_all(options)


if __name__ == "__main__":
    main()
