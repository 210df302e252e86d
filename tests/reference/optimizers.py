"""Writes tests/reference/optimizers.h: parameters after each update, as real PyTorch computes them.

    python3 tests/reference/optimizers.py > tests/reference/optimizers.h

Everything is float64, so that the numbers are those of the rules, not of one way of rounding. The
learning rate falls from step to step; one element has no gradient at all, one has it only once.
"""
import torch

N_STEPS = 8
CASES = [
    # optimizer, learning rate, weight decay, momentum, beta1, beta2, epsilon
    ("sgd", 0.1, 0.0, 0.0, 0, 0, 0),
    ("sgd", 0.1, 0.25, 0.0, 0, 0, 0),
    ("momentum", 0.1, 0.0, 0.9, 0, 0, 0),
    ("momentum", 0.05, -0.25, 0.5, 0, 0, 0),
    ("adam", 0.01, 0.0, 0.0, 0.9, 0.999, 1e-8),
    ("adam", 0.01, 0.25, 0.0, 0.8, 0.95, 1e-3),
    ("adamw", 0.01, 0.01, 0.0, 0.9, 0.999, 1e-8),
    ("adamw", 0.01, -2.0, 0.0, 0.5, 0.75, 0.1),
    ("adamw", 0.01, 0.0, 0.0, 0.0, 0.9, 1e-8),
]


def optimizer_of(case, parameter):
    name, rate, decay, momentum, beta1, beta2, epsilon = case
    if name == "adam":
        optimizer = torch.optim.Adam([parameter], rate, (beta1, beta2), epsilon)
    elif name == "adamw":
        optimizer = torch.optim.AdamW([parameter], rate, (beta1, beta2), epsilon)
    else:
        optimizer = torch.optim.SGD([parameter], rate, momentum)
    optimizer.param_groups[0]["weight_decay"] = decay  # a constructor would refuse one below 0
    return optimizer


def train(case, start, gradients):
    parameter = torch.nn.Parameter(start.clone())
    optimizer = optimizer_of(case, parameter)
    rows = []
    for t in range(N_STEPS):
        optimizer.param_groups[0]["lr"] = case[1] * (1 - t / N_STEPS)
        parameter.grad = gradients[t].clone()
        optimizer.step()
        rows.append(parameter.detach().clone())
    return rows


def braced(values):
    return "{" + ", ".join(repr(float(v)) for v in values) + "}"


def rates(scheduler_of, n):
    parameter = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = torch.optim.SGD([parameter], 1.0)
    scheduler = scheduler_of(optimizer)
    out = []
    for _ in range(n):
        out.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return out


def main():
    torch.manual_seed(1)
    start = torch.randn(5, dtype=torch.float64).float().double()
    gradients = torch.randn(N_STEPS, 5, dtype=torch.float64).float().double()
    gradients[:, 3] = 0
    gradients[1:, 4] = 0
    print("/* Written by tests/reference/optimizers.py with PyTorch %s (Debian's python3-torch"
          " 1.13.1), in float64. */" % torch.__version__)
    print("/* clang-format off */")
    print("enum { N_REFERENCE_STEPS = %d, N_REFERENCE_PARAMETERS = %d };" % (N_STEPS, len(start)))
    print("static const double reference_start[] = %s;" % braced(start))
    print("static const double reference_gradients[][N_REFERENCE_PARAMETERS] = {")
    print("".join("    %s,\n" % braced(row) for row in gradients) + "};")
    print("static const struct {\n    const char *optimizer;\n    double learning_rate, weight_decay,"
          " momentum, constants[3];\n    double parameters[N_REFERENCE_STEPS]"
          "[N_REFERENCE_PARAMETERS];\n} reference_cases[] = {")
    for case in CASES:
        print('    {"%s", %r, %r, %r, %s, {' % (*case[:4], braced(case[4:])))
        print("".join("        %s,\n" % braced(row) for row in train(case, start, gradients)) +
              "    }},")
    print("};")
    schedulers = torch.optim.lr_scheduler
    print("/* LinearLR from 1 to 0 in 7 steps; CosineAnnealingLR with T_max 7 and eta_min 0.1. */")
    print("static const double reference_linear[] = %s;"
          % braced(rates(lambda o: schedulers.LinearLR(o, 1.0, 0.0, 7), 7)))
    print("static const double reference_cosine[] = %s;"
          % braced(rates(lambda o: schedulers.CosineAnnealingLR(o, 7, 0.1), 7)))
    print("/* clang-format on */")


main()
