"""The fastest forms we found in NumPy: gradient by hand, every array in place, drawn once a feature.

Samples lie along the last axis, so that the products of a small model are [m, n] @ [n, batch] and elementwise work
runs along whole batches. Weights and bias are one matrix P = [W | b] and meet h with a row of ones, so that the bias and its
gradient cost no pass and AdamW is one flat update. Importance multiplies the small matrices: with e = mask (y' - y), the
gradient is I e^T h for P and (I W)^T e for h. A group of models, or a part of the batch, goes through all of a step while it is in the
second-level cache. A maximum with an array of zeros is three times faster than with a number.
"""
import math

import numpy as np

from problem import BETA1, BETA2, EPSILON

f4 = np.float32
CACHED = 65536  # numbers of x at a time


class Loop:
    """Parameters, AdamW and the plan of a step: what the forms share."""

    def __init__(self, problem, seed=0):
        self.problem, self.t = problem, 0
        self.bits, self.rng = np.random.SFC64(seed), np.random.Generator(np.random.SFC64(seed + 1))
        M, n, m = problem.n_models, problem.n, problem.m
        n_P, n_first = M * n * (m + 1), M * n * m if problem.is_absolute else 0
        self.theta, self.gradient, self.mean, self.square, self.s1, self.s2 = np.zeros((6, n_P + n_first), f4)
        self.P, self.gP = (a[:n_P].reshape(M, n, m + 1) for a in (self.theta, self.gradient))
        self.P[:, :, :m] = problem.W2 if problem.is_absolute else problem.W
        self.W, self.gW = self.P[:, :, :m], self.gP[:, :, :m]  # of the first layer; tied: of both
        if problem.is_absolute:
            self.W, self.gW = (a[n_P:].reshape(M, n, m) for a in (self.theta, self.gradient))
            self.W[:] = problem.W
        self.factor = (problem.importance[:, :, None] * (2 / problem.batch)).astype(f4)

    def weights(self):
        """W, W2 (None where tied), b."""
        m = self.problem.m
        return self.W, self.P[:, :, :m] if self.problem.is_absolute else None, self.P[:, :, m]

    def update(self):
        self.t += 1
        rate, decay = self.problem.learning_rate, self.problem.weight_decay
        g, s1, s2 = self.gradient, self.s1, self.s2
        self.mean *= f4(BETA1)
        np.multiply(g, f4(1 - BETA1), out=s1)
        self.mean += s1
        self.square *= f4(BETA2)
        np.multiply(g, g, out=s1)
        s1 *= f4(1 - BETA2)
        self.square += s1
        np.sqrt(self.square, out=s1)
        s1 *= f4(1 / math.sqrt(1 - BETA2 ** self.t))
        s1 += f4(EPSILON)
        np.divide(self.mean, s1, out=s2)
        s2 *= f4(rate / (1 - BETA1 ** self.t))
        self.theta *= f4(1 - rate * decay)
        self.theta -= s2


def _product(a, b, out):
    """a @ b of stacks of matrices; one matrix goes straight to BLAS."""
    if len(a) == 1:
        np.dot(a[0], b[0], out=out[0])
    else:
        np.matmul(a, b, out=out)


class Dense(Loop):
    """Every feature of every sample."""

    def __init__(self, problem, seed=0):
        super().__init__(problem, seed)
        M, n, m = problem.n_models, problem.n, problem.m
        self.n_together = min(M, max(1, CACHED // (n * problem.batch)))
        self.width = problem.batch
        while M == 1 and self.width % 2 == 0 and self.width > 256 and n * self.width > 2 * CACHED:
            self.width //= 2
        shape = (self.n_together, n, self.width)
        self.x, self.e, self.mask, self.y = np.empty((4,) + shape, f4)
        self.zero = np.zeros(shape, f4)
        self.h = np.ones((self.n_together, m + 1, self.width), f4)
        self.d, self.mask_h = np.empty((2, self.n_together, m, self.width), f4)
        self.zero_h = np.zeros((self.n_together, m, self.width), f4)
        self.part = np.empty((self.n_together, n, m), f4)
        self.part_P = np.empty((self.n_together, n, m + 1), f4)
        scale = 1 / problem.p[:, None, None]
        self.scale = (scale * 2.0 ** -24 * (2 if problem.is_absolute else 1)).astype(f4)
        self.shift = (scale if problem.is_absolute else scale - 1).astype(f4)
        self.is_dense = bool((problem.p == 1).all())
        self.scaled = np.empty((self.n_together, n, m), f4)

    def draw(self, models, x):
        """x = max(0, (u - S) / p) of one uniform u; signed: (2u - 1) / p where that is within [-1, 1]."""
        raw = self.bits.random_raw((x.size + 1) // 2).view(np.uint32)[:x.size].reshape(x.shape)
        raw >>= np.uint32(8)
        np.multiply(raw, self.scale[models], out=x, dtype=f4, casting="unsafe")
        if self.problem.is_absolute:
            x -= self.shift[models]
            if not self.is_dense:
                np.abs(x, out=self.y[:len(x)])
                np.less_equal(self.y[:len(x)], f4(1), out=self.mask[:len(x)], casting="unsafe")
                x *= self.mask[:len(x)]
        elif not self.is_dense:
            x -= self.shift[models]
            np.maximum(x, self.zero[:len(x)], out=x)

    def learn(self, models, x, is_first):
        """Adds the gradient of these models' samples x [models, n, width]."""
        k, m = len(x), self.problem.m
        h, d, e, mask, y = self.h[:k], self.d[:k], self.e[:k], self.mask[:k], x
        P, W = self.P[models], self.W[models]
        _product(W.transpose(0, 2, 1), x, h[:, :m])
        if self.problem.is_absolute:
            np.greater(h[:, :m], f4(0), out=self.mask_h[:k], casting="unsafe")
            np.maximum(h[:, :m], self.zero_h[:k], out=h[:, :m])
            y = np.abs(x, out=self.y[:k])
        _product(P, h, e)
        np.greater(e, f4(0), out=mask, casting="unsafe")
        e -= y
        e *= mask
        scaled = np.multiply(P[:, :, :m], self.factor[models], out=self.scaled[:k])
        _product(scaled.transpose(0, 2, 1), e, d)
        if self.problem.is_absolute:
            d *= self.mask_h[:k]
        gP, gW = self.gP[models], self.gW[models]
        part = gP if is_first else self.part_P[:k]
        _product(e, h.transpose(0, 2, 1), part)
        part *= self.factor[models]
        if not is_first:
            gP += part
        into = is_first and self.problem.is_absolute
        part = gW if into else self.part[:k]
        _product(x, d.transpose(0, 2, 1), part)
        if not into:
            gW += part

    def step(self):
        for first in range(0, self.problem.n_models, self.n_together):
            models = slice(first, min(first + self.n_together, self.problem.n_models))
            for column in range(0, self.problem.batch, self.width):
                x = self.x[:models.stop - models.start]
                self.draw(models, x)
                self.learn(models, x, column == 0)
        self.update()

    def drawn(self):
        """For the check: numbers as they are drawn, how many features that are, and their probability."""
        models = slice(0, len(self.x))
        self.draw(models, self.x)
        return self.x[self.x != 0], self.x.size, self.problem.p[models].mean()

    def step_on(self, x):
        """A step on these samples, x [models, batch, n]."""
        for first in range(0, self.problem.n_models, self.n_together):
            models = slice(first, min(first + self.n_together, self.problem.n_models))
            for column in range(0, self.problem.batch, self.width):
                part = x[models, column:column + self.width].transpose(0, 2, 1)
                self.learn(models, np.ascontiguousarray(part), column == 0)
        self.update()


class Sparse(Loop):
    """One model, few active features: only these are drawn, and samples without any are one sample with a weight.

    Samples are rows here. After the maximum the error is y' everywhere but at the active features."""

    def __init__(self, problem, seed=0):
        super().__init__(problem, seed)
        n, m, batch, p = problem.n, problem.m, problem.batch, float(problem.p[0])
        self.per_gap = f4(-1 / math.log1p(-p))
        self.n_numbers = batch * n
        self.n_gaps = int(self.n_numbers * p + 6 * math.sqrt(self.n_numbers * p) + 32)
        self.h, self.d = np.ones((batch + 1, m + 1), f4), np.empty((batch + 1, m), f4)
        self.e, self.zero = np.empty((batch + 1, n), f4), np.zeros((batch + 1, n), f4)
        self.index = np.int16 if n < 32768 else np.int32  # numpy sorts 16 bits by their digits
        self.flags = np.empty(self.n_gaps, bool)

    def draw(self):
        """Rows, columns and values of the active features; a gap before the next is geometric."""
        gaps = self.rng.standard_exponential(self.n_gaps, dtype=f4)
        gaps *= self.per_gap
        place = gaps.astype(np.int64)
        place += 1
        np.cumsum(place, out=place)
        place -= 1
        place = place[:np.searchsorted(place, self.n_numbers)]
        row = place // self.problem.n
        value = self.rng.random(len(place), dtype=f4)
        if self.problem.is_absolute:
            value *= f4(2)
            value -= f4(1)
        return row, place - row * self.problem.n, value

    def learn(self, row, column, value):
        m, n = self.problem.m, self.problem.n
        flags = self.flags[:len(row)]
        flags[0] = True
        np.not_equal(row[1:], row[:-1], out=flags[1:])
        starts = np.flatnonzero(flags)
        row, R = np.cumsum(flags) - 1, len(starts)  # of the samples that are not empty
        h, e, d = self.h[:R + 1], self.e[:R + 1], self.d[:R + 1]
        P, W, gP, gW = self.P[0], self.W[0], self.gP[0], self.gW[0]
        active = W[column]
        active *= value[:, None]
        np.add.reduceat(active, starts, axis=0, out=h[:R, :m])
        h[R, :m] = 0
        if self.problem.is_absolute:
            np.maximum(h, self.zero[0, 0], out=h)
        np.dot(h, P.T, out=e)
        np.maximum(e, self.zero[:R + 1], out=e)
        place = row * n + column
        flat, y = e.reshape(-1), np.abs(value)
        got = flat[place]
        flat[place] = np.where(got > 0, got - y, f4(0))
        e[R] *= f4(self.problem.batch - R)
        factor = self.factor[0]
        np.dot(e, P[:, :m] * factor, out=d)
        np.dot(e.T, h, out=gP)
        gP *= factor
        if self.problem.is_absolute:
            d *= h[:, :m] > 0
            gW[:] = 0
        order = np.argsort(column.astype(self.index), kind="stable")
        back = d[row[order]]
        back *= value[order][:, None]
        column = column[order]
        np.not_equal(column[1:], column[:-1], out=flags[1:])
        starts = np.flatnonzero(flags)
        gW[column[starts]] += np.add.reduceat(back, starts, axis=0)
        self.update()

    def step(self):
        self.learn(*self.draw())

    def drawn(self):
        return self.draw()[2], self.n_numbers, self.problem.p[0]

    def step_on(self, x):
        """A step on these samples, x [1, batch, n]."""
        row, column = np.nonzero(x[0])
        self.learn(row, column, x[0][row, column])
