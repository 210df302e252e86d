/* The GELU in vectors: z Phi(z) and its slope Phi(z) + z phi(z), where Phi(z) = (1 + erf(z / sqrt
 * 2)) / 2 and phi = Phi'. The error function is the rational one of Abramowitz & Stegun
 * 1964, 7.1.26,
 *
 *     1 - erf(u) = (a1 t + a2 t^2 + … + a5 t^5) exp(-u^2),  t = 1 / (1 + p u),  u >= 0
 *
 * good to 1.5e-7, about a float's last bit at 1; exp(-u^2) serves phi too. */
#ifndef SUPERPOSE_MODEL_KERNEL_GELU_H
#define SUPERPOSE_MODEL_KERNEL_GELU_H

#include "sim/model/kernel/vector.h"

/** The value where the mask is set, else the other. */
INLINE Vec choose(Mask mask, Vec value, Vec other) {
    return (Vec)(((Mask)value & mask) | ((Mask)other & ~mask));
}

/** exp(x), x <= 0, to 2 units in the last place; below -87, where floats end, it stays at that of
 * -87. 2^n times a Taylor polynomial of the rest, at most ln(2) / 2 either way. */
INLINE Vec exp_of(Vec x) {
    const Vec shift = splat(0x1.8p23F); /* added, it rounds to a whole number, in the last bits */
    x = choose(x < -87, splat(-87), x);
    Vec shifted = x * splat(1.44269504F) + shift, n = shifted - shift;
    Vec r = x - n * splat(0x1.62e4p-1F); /* ln 2 in two parts: the first times n is exact */
    r -= n * splat(0x1.7f7d1cp-20F);
    Vec sum = splat(1.0F / 5040);
    sum = sum * r + splat(1.0F / 720);
    sum = sum * r + splat(1.0F / 120);
    sum = sum * r + splat(1.0F / 24);
    sum = sum * r + splat(1.0F / 6);
    sum = sum * r + splat(0.5F);
    sum = sum * r + splat(1);
    sum = sum * r + splat(1);
    return (Vec)((Mask)sum + (((Mask)shifted - (Mask)shift) << 23));
}

/** z Phi(z), and its slope. */
INLINE Vec gelu(Vec z, Vec *slope) {
    Vec u = magnitude_of(z) * splat(0.707106781F), power = exp_of(-u * u);
    Vec t = splat(1) / (splat(1) + splat(0.3275911F) * u);
    Vec sum = splat(1.061405429F);
    sum = sum * t + splat(-1.453152027F);
    sum = sum * t + splat(1.421413741F);
    sum = sum * t + splat(-0.284496736F);
    sum = sum * t + splat(0.254829592F);
    Vec above = splat(0.5F) * sum * t * power; /* of |z|: Phi(-|z|) */
    Vec below = choose(z < 0, above, splat(1) - above);
    *slope = below + z * splat(0.398942280F) * power;
    return z * below;
}

/** residual, with a GELU as the activation. */
INLINE Vec residual_of_gelu(Power power, float exponent, Vec z, Vec y, Vec importance, Vec factor,
                            Vec *loss) {
    Vec bend, r = y - gelu(z, &bend);
    Vec slope = importance * power_slope(power, exponent, r);
    *loss += slope * r;
    return factor * slope * bend;
}

#endif
