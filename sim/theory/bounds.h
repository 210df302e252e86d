/* Bounds on how well n directions fit into m dimensions, and the levels of feature dimensionality
 * that polytopes give: guide lines for figures. */
#ifndef SUPERPOSE_THEORY_BOUNDS_H
#define SUPERPOSE_THEORY_BOUNDS_H

/** The Welch bound: the largest |cosine| between n directions of m dimensions is at least
 * sqrt((n - m) / (m (n - 1))); 0 for n <= m. Simplices reach it. Welch 1974, "Lower bounds on the
 * maximum cross correlation of signals". */
double bound_welch(int n, int m);

/** The least mean of squared cosines over pairs of different directions, (n - m) / (m (n - 1)); 0
 * for n <= m. Tight frames reach it. */
double bound_mean_square_cosine(int n, int m);

/** The least frame potential sum_ij cos^2 over all pairs, equal ones too: n^2 / m for n >= m (tight
 * frames), n below. Benedetto & Fickus 2003, "Finite normalized tight frames". */
double bound_frame_potential(int n, int m);

/* A level that feature dimensionalities gather at. */
typedef struct DimensionalityLevel {
    double value;
    const char *text;     /* "3/4", as the paper writes it */
    const char *polytope; /* the one that gives it: a name that polytope_make knows */
    int n_dimensions;     /* that it needs */
} DimensionalityLevel;

/* Largest first: 5/6 … 3/20 (Elhage et al. 2022, "The geometry of superposition", guide lines). */
extern const DimensionalityLevel dimensionality_levels[];
extern const int n_dimensionality_levels;

#endif
