#include "sim/theory/bounds.h"

#include <assert.h>
#include <math.h>

double bound_mean_square_cosine(int n, int m) {
    assert(n >= 1 && m >= 1);
    return n <= m ? 0 : (double)(n - m) / ((double)m * (n - 1));
}

double bound_welch(int n, int m) {
    return sqrt(bound_mean_square_cosine(n, m));
}

double bound_frame_potential(int n, int m) {
    assert(n >= 1 && m >= 1);
    return n <= m ? n : (double)n * n / m;
}

const DimensionalityLevel dimensionality_levels[] = {{5 / 6., "5/6", "simplex of 6", 5},
                                                     {4 / 5., "4/5", "simplex of 5", 4},
                                                     {3 / 4., "3/4", "tetrahedron", 3},
                                                     {2 / 3., "2/3", "triangle", 2},
                                                     {1 / 2., "1/2", "digon", 1},
                                                     {2 / 5., "2/5", "pentagon", 2},
                                                     {3 / 8., "3/8", "square antiprism", 3},
                                                     {2 / 6., "2/6", "hexagon", 2},
                                                     {2 / 7., "2/7", "heptagon", 2},
                                                     {3 / 12., "3/12", "icosahedron", 3},
                                                     {3 / 20., "3/20", "dodecahedron", 3}};
const int n_dimensionality_levels = sizeof dimensionality_levels / sizeof *dimensionality_levels;
