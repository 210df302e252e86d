"""Holds every loop to superpose: from the weights of a trace and on its batches, the same weights after each step; and
its own draws must have the law's moments. A peer that does something else would be compared for nothing."""
import os
import subprocess

import numpy as np

STEPS, TOLERANCE = 3, 2e-5


def trace(superpose, config, run, folder):
    path = os.path.join(folder, "trace.npz")
    words = [superpose, "trace", config, "--run", str(run), "--steps", str(STEPS), "-o", path]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return dict(np.load(path))


def steps_off(loop_class, problem, run, traced):
    """The largest difference of a weight over the steps of one run's trace."""
    part = problem.only([run])
    part.W = traced["W0"][None]
    if part.is_absolute:
        part.W2 = traced["W2_0"][None]
    loop = loop_class(part)
    off = 0
    for t in range(STEPS):
        loop.step_on(traced["X"][t][None])
        W, W2, b = loop.weights()
        off = max(off, np.abs(W[0] - traced["W_t"][t]).max(), np.abs(b[0] - traced["b_t"][t]).max(),
                  np.abs(W2[0] - traced["W2_t"][t]).max() if part.is_absolute else 0)
    return off


def draws_off(loop):
    """By how many standard errors the share of active features, and the mean of |value|, are off; the larger."""
    values, n, p = loop.drawn()
    share = (len(values) / n - p) / (p * (1 - p) / n) ** 0.5 if p < 1 else 0
    return max(abs(share), abs(np.abs(values).mean() - 0.5) * (12 * len(values)) ** 0.5)
