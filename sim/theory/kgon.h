/* One-hot k-gons: the levels between which models of two hidden dimensions jump when exactly one of
 * c features is active, uniform on [0, 1]. k features stand on a regular polygon of radius l with
 * bias b, the others are dead (Chen, Lau, Mendel, Wei & Murfet 2023, arXiv 2310.06301, tables of
 * section 3 and appendix A). */
#ifndef SUPERPOSE_THEORY_KGON_H
#define SUPERPOSE_THEORY_KGON_H

enum { KGON_LEAST = 2, KGON_MOST = 8 };

typedef struct Kgon {
    int k;
    double radius, bias; /* l*, b* */
    double h;            /* 3 times the summed error of its k features */
} Kgon;

/** The k-gon for k in [KGON_LEAST, KGON_MOST]: the (l, b) with the least
 *   h = 3 k (int_0^1 (x - ReLU(l^2 x + b))^2 dx
 *            + sum_{j=1}^{k-1} int_0^1 ReLU(l^2 cos(2 pi j / k) x + b)^2 dx).
 * Up to k = 4 no cosine is positive: l = 1, b = 0, h = 0. (From k = 9 on most have no such
 * critical point.) */
Kgon kgon_of(int k);

/** The loss of that k-gon among c >= k features, summed over outputs, of whose c - k dead features
 * n_plus have a positive bias of 1/(2c) ("k+" for 1):
 *   L = (h_k + c - k) / (3c) - n_plus / (4c^2). */
double kgon_loss(int k, int c, int n_plus);

#endif
