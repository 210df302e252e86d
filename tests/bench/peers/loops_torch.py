"""PyTorch: the loop people use, and the fastest forms we found.

Notebook is the loop of the public notebooks: einsum, two uniforms a feature, autograd, torch.optim.AdamW. Dense and
Sparse are those of loops_numpy.py in PyTorch: the same plan of a step, with its elementwise functions and products, all
in place; random bits come from NumPy's generator, which is twice as fast.
"""
import math

import numpy as np
import torch

import loops_numpy
from problem import BETA1, BETA2, EPSILON

masked = torch.ops.aten.threshold_backward.grad_input  # its first argument where the second is > 0, else 0


class Notebook:
    def __init__(self, problem, seed=0):
        torch.manual_seed(seed)
        self.problem = problem
        self.p = torch.tensor(problem.p, dtype=torch.float32)[:, None]
        self.importance = torch.tensor(problem.importance, dtype=torch.float32)
        self.W = torch.nn.Parameter(torch.tensor(problem.W))
        self.b = torch.nn.Parameter(torch.zeros(problem.n_models, problem.n))
        parameters = [self.W, self.b]
        if problem.is_absolute:
            self.W2 = torch.nn.Parameter(torch.tensor(problem.W2))
            parameters.append(self.W2)
        self.optimizer = torch.optim.AdamW(parameters, lr=problem.learning_rate, betas=(BETA1, BETA2), eps=EPSILON,
                                           weight_decay=problem.weight_decay)

    def weights(self):
        W2 = self.W2.detach().numpy() if self.problem.is_absolute else None
        return self.W.detach().numpy(), W2, self.b.detach().numpy()

    def draw(self):
        feature = torch.rand(self.problem.batch, self.problem.n_models, self.problem.n)
        if self.problem.is_absolute:
            feature = 2 * feature - 1
        return torch.where(torch.rand(feature.shape) <= self.p, feature, torch.zeros(()))

    def learn(self, x):
        self.optimizer.zero_grad(set_to_none=True)
        h = torch.einsum("bif,ifh->bih", x, self.W)
        if self.problem.is_absolute:
            h = torch.relu(h)
        out = torch.relu(torch.einsum("bih,ifh->bif", h, self.W2 if self.problem.is_absolute else self.W) + self.b)
        target = x.abs() if self.problem.is_absolute else x
        loss = (self.importance * (target - out) ** 2).sum(2).mean(0).sum()
        loss.backward()
        self.optimizer.step()

    def step(self):
        self.learn(self.draw())

    def drawn(self):
        x = self.draw().numpy()
        return x[x != 0], x.size, self.problem.p.mean()

    def step_on(self, x):
        self.learn(torch.tensor(x).transpose(0, 1))


class _Update:
    """AdamW of the flat arrays, in PyTorch."""

    def open(self):
        names = ("theta", "gradient", "mean", "square", "s1", "P", "gP", "W", "gW", "factor")
        for name in names:
            setattr(self, "t_" + name, torch.from_numpy(getattr(self, name)))

    def update(self):
        self.t += 1
        rate, g = self.problem.learning_rate, self.t_gradient
        self.t_mean.mul_(BETA1).add_(g, alpha=1 - BETA1)
        self.t_square.mul_(BETA2).addcmul_(g, g, value=1 - BETA2)
        torch.sqrt(self.t_square, out=self.t_s1)
        self.t_s1.mul_(1 / math.sqrt(1 - BETA2 ** self.t)).add_(EPSILON)
        self.t_theta.mul_(1 - rate * self.problem.weight_decay)
        self.t_theta.addcdiv_(self.t_mean, self.t_s1, value=-rate / (1 - BETA1 ** self.t))


def _product(a, b, out):
    if len(a) == 1:
        torch.mm(a[0], b[0], out=out[0])
    else:
        torch.bmm(a, b, out=out)


class Dense(_Update, loops_numpy.Dense):
    def __init__(self, problem, seed=0):
        super().__init__(problem, seed)
        torch.set_grad_enabled(False)
        self.open()
        for name in ("y", "e", "h", "d", "part", "part_P", "scaled", "shift"):
            setattr(self, "t_" + name, torch.from_numpy(getattr(self, name)))

    def draw(self, models, x):
        raw = self.bits.random_raw((x.size + 1) // 2).view(np.uint32)[:x.size].reshape(x.shape)
        raw >>= np.uint32(8)
        np.multiply(raw, self.scale[models], out=x, dtype=np.float32, casting="unsafe")
        x = torch.from_numpy(x)
        if self.problem.is_absolute:
            x.sub_(self.t_shift[models])
            if not self.is_dense:
                away = torch.sub(1, x.abs(), out=self.t_y[:len(x)])
                masked(x, away, 0, grad_input=x)
        elif not self.is_dense:
            x.sub_(self.t_shift[models])
            torch.clamp_min(x, 0, out=x)

    def learn(self, models, x, is_first):
        k, m = len(x), self.problem.m
        x, h, d, e, y = torch.from_numpy(x), self.t_h[:k], self.t_d[:k], self.t_e[:k], self.t_y[:k]
        P, W, factor = self.t_P[models], self.t_W[models], self.t_factor[models]
        _product(W.transpose(1, 2), x, h[:, :m])
        if self.problem.is_absolute:
            h[:, :m].relu_()
        _product(P, h, e)
        torch.sub(e, torch.abs(x, out=y) if self.problem.is_absolute else x, out=y)
        masked(y, e, 0, grad_input=e)
        torch.mul(P[:, :, :m], factor, out=self.t_scaled[:k])
        _product(self.t_scaled[:k].transpose(1, 2), e, d)
        if self.problem.is_absolute:
            masked(d, h[:, :m], 0, grad_input=d)
        for left, right, total, part, scale in ((e, h, self.t_gP[models], self.t_part_P[:k], factor),
                                                (x, d, self.t_gW[models], self.t_part[:k], None)):
            is_new = is_first and (scale is not None or self.problem.is_absolute)
            part = total if is_new else part
            _product(left, right.transpose(1, 2), part)
            if scale is not None:
                part.mul_(scale)
            if not is_new:
                total.add_(part)


class Sparse(_Update, loops_numpy.Sparse):
    """Sums over active features are bags of an embedding, of samples and then of features."""

    def __init__(self, problem, seed=0):
        super().__init__(problem, seed)
        torch.set_grad_enabled(False)
        self.open()
        self.t_e, self.t_h, self.t_d = (torch.from_numpy(a) for a in (self.e, self.h, self.d))

    def learn(self, row, column, value):
        m, n = self.problem.m, self.problem.n
        flags = self.flags[:len(row)]
        flags[0] = True
        np.not_equal(row[1:], row[:-1], out=flags[1:])
        starts = np.flatnonzero(flags)
        row, R = np.cumsum(flags) - 1, len(starts)
        order = np.argsort(column.astype(self.index), kind="stable")
        sorted_columns = column[order]
        np.not_equal(sorted_columns[1:], sorted_columns[:-1], out=flags[1:])
        ends = np.flatnonzero(flags)
        place, touched = torch.from_numpy(row * n + column), torch.from_numpy(sorted_columns[ends])
        bag = torch.nn.functional.embedding_bag
        h, e, d = self.t_h[:R + 1], self.t_e[:R + 1], self.t_d[:R + 1]
        P, gP, factor = self.t_P[0], self.t_gP[0], self.t_factor[0]
        W, gW = self.t_W[0].contiguous(), self.t_gW[0]
        h[:R, :m] = bag(torch.from_numpy(column), W, torch.from_numpy(starts), mode="sum",
                        per_sample_weights=torch.from_numpy(value))
        h[R, :m] = 0
        if self.problem.is_absolute:
            h.relu_()
        torch.mm(h, P.T, out=e)
        e.relu_()
        flat, got = e.view(-1), torch.take(e, place)
        flat[place] = torch.where(got > 0, got - torch.from_numpy(np.abs(value)), torch.zeros(()))
        e[R] *= self.problem.batch - R
        torch.mm(e, P[:, :m] * factor, out=d)
        torch.mm(e.T, h, out=gP)
        gP.mul_(factor)
        if self.problem.is_absolute:
            masked(d, h[:, :m], 0, grad_input=d)
            gW.zero_()
        back = bag(torch.from_numpy(row[order]), d, torch.from_numpy(ends), mode="sum",
                   per_sample_weights=torch.from_numpy(value[order]))
        gW[touched] += back
        self.update()
