/* The 2->1 problem without biases: its loss is a closed form of two weights, so it can be drawn. */
#ifndef SUPERPOSE_THEORY_PHASE_SURFACE_H
#define SUPERPOSE_THEORY_PHASE_SURFACE_H

typedef struct SurfaceMinimum {
    double W[2];
    double loss;
} SurfaceMinimum;

enum { MAX_SURFACE_MINIMA = 8 };

/** The exact loss of y' = ReLU(W W^T x), W = [W1, W2], both features active with density s in [0,
 * 1] and uniform on [0, 1], the second of importance r, the first of 1. With a = |W1|, c = |W2|, q
 * = s (1 - s): for weights of one sign (first feature's part; the other's has a and c exchanged) q
 * ((1 - a^2)^2 + a^2 c^2) / 3 + s^2 ((1 - a^2)^2 / 3 + a^2 c^2 / 3 - (1 - a^2) a c / 2), for
 * opposite signs q (1 - a^2)^2 / 3 + s^2 (1/3 - 2 a E[x (a x - c y)_+] + a^2 E[(a x - c y)_+^2]).
 * McGrath's comment to Elhage et al. 2022, "Superposition as a phase change". */
double phase_surface_loss(double s, double r, double W1, double W2);

/** The minima with W1 >= 0 (those with -W are the same), lowest first, for s in (0, 1] and r > 0;
 * returns their number. Dense features of equal importance have a "confused" one, of equal signs:
 * at s = r = 1 it is W1 = W2 = 1/sqrt(2) with loss 1/12. */
int phase_surface_minima(double s, double r, SurfaceMinimum minima[MAX_SURFACE_MINIMA]);

#endif
