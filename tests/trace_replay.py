"""Replays traces (superpose trace, .npz) step by step in NumPy and compares every step.

    /usr/bin/python3 tests/trace_replay.py FILE.npz ...

Model, loss, gradient and optimizer are written out here from their definitions, in float64, and
share nothing with the program but the file: the first weights and the batches. The replay runs on
its own from W0, so that errors would add up. It fails where a parameter is off by more than 1e-4
after any step, or a loss by more than 1e-4 of itself.
"""
import math
import sys

try:
    import numpy as np
except ImportError:
    sys.exit("trace_replay.py needs NumPy: install python3-numpy")

TOLERANCE = 1e-4


def normal_below(z):
    """Phi(z)."""
    return 0.5 * (1 + np.vectorize(math.erf)(z / math.sqrt(2)))


ACTIVATION = {"linear": lambda z: z, "relu": lambda z: np.maximum(z, 0),
              "gelu": lambda z: z * normal_below(z)}
SLOPE = {"linear": np.ones_like, "relu": lambda z: z > 0,
         "gelu": lambda z: normal_below(z) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)}


def start_of(trace):
    """The trained parameters by name; b_hidden is 0 where the model has none, and then stays so."""
    first = {"W_in": "W_in_0", "W_out": "W_out_0", "b_out": "b_out_0", "b_hidden": "b_hidden_0"}
    if "W_E" not in trace:
        first = {"W": "W0", "b": "b0", "W2": "W2_0", "b_hidden": "b_hidden_0"}
    return {name: trace[key].astype(np.float64) for name, key in first.items() if key in trace}


def bias_of(trace):
    """The outputs' bias, which may be untrained."""
    return "b_out" if "W_E" in trace else "b"


def loss_of(trace, error, h):
    """Mean over samples of sum_i I_i |error_i|^exponent + penalty sum_k |h_k|, and its gradient
    with respect to the outputs and, of the penalty alone, to h."""
    importance, exponent, penalty = (trace[name] for name in
                                     ("importance", "loss_exponent", "hidden_penalty"))
    loss = np.mean(np.sum(importance * np.abs(error) ** exponent, axis=1)
                   + penalty * np.sum(np.abs(h), axis=1))
    by_output = importance * exponent * np.abs(error) ** (exponent - 1) * np.sign(error)
    return loss, by_output / len(h), penalty * np.sign(h) / len(h)


def loss_and_gradient_of_stream(trace, p, x, y):
    """With an embedding, as the papers write it: features lie in a stream r = x W_E, which the
    layer reads and adds to, and outputs are read back, y' = r' W_E^T."""
    hidden, W_E = str(trace["hidden_activation"]), trace["W_E"].astype(np.float64)
    r = x @ W_E
    z_hidden = r @ p["W_in"] + p.get("b_hidden", 0.0)
    h = ACTIVATION[hidden](z_hidden)
    out = (r + h @ p["W_out"].T + p["b_out"]) @ W_E.T
    loss, by_output, by_h = loss_of(trace, out - y, h)
    dr = by_output @ W_E
    dh = (dr @ p["W_out"] + by_h) * SLOPE[hidden](z_hidden)
    gradient = {"W_in": r.T @ dh, "W_out": dr.T @ h, "b_out": dr.sum(axis=0)}
    if "b_hidden" in p:
        gradient["b_hidden"] = dh.sum(axis=0)
    return loss, gradient


def loss_and_gradient(trace, p, x, y):
    """The loss of a batch, and its gradient by the chain rule."""
    if "W_E" in trace:
        return loss_and_gradient_of_stream(trace, p, x, y)
    hidden, output = str(trace["hidden_activation"]), str(trace["output_activation"])
    W, W2 = p["W"], p.get("W2", p["W"])
    z_hidden = x @ W + p.get("b_hidden", 0.0)
    h = ACTIVATION[hidden](z_hidden)
    z = h @ W2.T + p["b"]
    past = x if str(trace["model"]) == "residual" else 0
    loss, by_output, by_h = loss_of(trace, ACTIVATION[output](z) + past - y, h)
    dz = by_output * SLOPE[output](z)
    dh = (dz @ W2 + by_h) * SLOPE[hidden](z_hidden)
    gradient = {"W": x.T @ dh, "b": dz.sum(axis=0)}
    if "W2" in p:
        gradient["W2"] = dz.T @ h
    else:
        gradient["W"] += dz.T @ h
    if "b_hidden" in p:
        gradient["b_hidden"] = dh.sum(axis=0)
    return loss, gradient


def off_embedding(trace):
    """With an embedding: how far W, W2, b and M are from what follows from W_E and what is trained,
    after any step, and the rows of W_E from norm 1."""
    if "W_E" not in trace:
        return 0.0
    W_E = trace["W_E"].astype(np.float64)
    pairs = [(trace["W_t"], W_E @ trace["W_in_t"]), (trace["W2_t"], W_E @ trace["W_out_t"]),
             (trace["b_t"], trace["b_out_t"] @ W_E.T), (trace["W0"], W_E @ trace["W_in_0"]),
             (trace["W2_0"], W_E @ trace["W_out_0"]), (trace["b0"], W_E @ trace["b_out_0"]),
             (trace["M"], W_E @ W_E.T - np.eye(len(W_E))), (np.sum(W_E ** 2, axis=1), 1.0)]
    return np.max([np.abs(found - wanted).max() for found, wanted in pairs])  # keeps a NaN


def update(optimizer, c, t, rate, p, g, state):
    """One parameter array after step t (from 1), as torch.optim documents it; c: constants."""
    decay = c["weight_decay"]
    if optimizer == "adamw":
        p = p * (1 - rate * decay)
    else:
        g = g + decay * p
    if optimizer == "sgd":
        return p - rate * g
    if optimizer == "momentum":
        state["v"] = g if t == 1 else c["momentum"] * state["v"] + g
        return p - rate * state["v"]
    state["m"] = c["beta1"] * state.get("m", 0) + (1 - c["beta1"]) * g
    state["v"] = c["beta2"] * state.get("v", 0) + (1 - c["beta2"]) * g * g
    m = state["m"] / (1 - c["beta1"] ** t)
    v = state["v"] / (1 - c["beta2"] ** t)
    return p - rate * m / (np.sqrt(v) + c["epsilon"])


def replay(path):
    """The largest difference of a parameter, and of a loss relative to itself."""
    trace = dict(np.load(path))
    model, optimizer = str(trace["model"]), str(trace["optimizer"])
    constants = {name: float(trace[name])
                 for name in ("beta1", "beta2", "epsilon", "momentum", "weight_decay")}
    p = start_of(trace)
    states = {name: {} for name in p}
    off, off_loss = off_embedding(trace), 0.0
    for t, (x, y) in enumerate(zip(trace["X"].astype(np.float64), trace["Y"].astype(np.float64))):
        loss, gradient = loss_and_gradient(trace, p, x, y)
        # np.maximum keeps a NaN; a residual model can reach a loss of exactly 0
        off_loss = np.maximum(off_loss, abs(trace["loss_t"][t] - loss) / (loss or 1.0))
        for name in p if trace["bias"] else set(p) - {bias_of(trace)}:
            p[name] = update(optimizer, constants, t + 1, trace["learning_rate"][t], p[name],
                             gradient[name], states[name])
            off = np.maximum(off, np.abs(trace[name + "_t"][t] - p[name]).max())
    moved = max(np.abs(p[name] - start).max() for name, start in start_of(trace).items())
    print("%s: %s, %s, %d steps: parameters moved by %.2g, off by %.1g; loss off by %.1g"
          % (path, model, optimizer, len(trace["X"]), moved, off, off_loss))
    return np.maximum(off, off_loss) <= TOLERANCE  # false for NaN too


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(0 if all([replay(path) for path in sys.argv[1:]]) else 1)
