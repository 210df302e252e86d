/* Two corners have an edge between them where a plane touches the hull in them alone. Seen along
 * the line through both, all other points then lie in a wedge of less than 180 degrees; across a
 * face the wedge has just 180, inside of the hull more. */
#include "render/panel/solid.h"

#include "sim/base/arena.h"

#include <math.h>
#include <stdlib.h>

/* Of the largest distance from the origin, twice; radians. */
static const double same_place = 0.2, same_line = 0.06, flat = 0.12;

static double distance(const float *a, const float *b) {
    double sum = 0;
    for (int k = 0; k < 3; k++)
        sum += ((double)a[k] - (double)b[k]) * ((double)a[k] - (double)b[k]);
    return sqrt(sum);
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Two unit vectors at right angles to u and to each other. */
static void complete(const double *u, double *v, double *w) {
    int least = 0;
    for (int k = 1; k < 3; k++)
        least = fabs(u[k]) < fabs(u[least]) ? k : least;
    double square = 0;
    for (int k = 0; k < 3; k++) {
        v[k] = (k == least) - u[least] * u[k];
        square += v[k] * v[k];
    }
    for (int k = 0; k < 3; k++)
        v[k] /= sqrt(square);
    for (int k = 0; k < 3; k++)
        w[k] = u[(k + 1) % 3] * v[(k + 2) % 3] - u[(k + 2) % 3] * v[(k + 1) % 3];
}

/* Where point p is seen along the line from a in direction u: its angle about it. False where it
 * lies on the line; `along`: how far. */
static bool see(const float *p, const float *a, const double *u, const double *v, const double *w,
                double near, double *angle, double *along) {
    double x = 0, y = 0;
    *along = 0;
    for (int k = 0; k < 3; k++) {
        double d = (double)p[k] - (double)a[k];
        x += d * v[k];
        y += d * w[k];
        *along += d * u[k];
    }
    *angle = atan2(y, x);
    return hypot(x, y) > near;
}

static bool is_wedge(double *angles, int n) {
    qsort(angles, (size_t)n, sizeof *angles, by_value);
    double widest = angles[0] + 2 * M_PI - angles[n - 1];
    for (int k = 1; k < n; k++)
        widest = fmax(widest, angles[k] - angles[k - 1]);
    return widest > M_PI + flat;
}

static bool is_edge(const float *points, const int *corners, int n, int i, int j, double near,
                    double *angles) {
    const float *a = points + 3 * corners[i], *b = points + 3 * corners[j];
    double length = distance(a, b), u[3], v[3], w[3];
    int n_angles = 0;
    for (int k = 0; k < 3; k++)
        u[k] = ((double)b[k] - (double)a[k]) / length;
    complete(u, v, w);
    for (int k = 0; k < n; k++) {
        double along;
        if (k == i || k == j)
            continue;
        if (see(points + 3 * corners[k], a, u, v, w, near, &angles[n_angles], &along))
            n_angles++;
        else if (along > 0 && along < length)
            return false; /* it is two edges */
    }
    return n_angles > 0 && is_wedge(angles, n_angles);
}

int solid_edges(const float *points, int n, int (*edges)[2]) {
    static const float origin[3] = {0};
    Arena scratch = {0};
    int *corners = ARENA_NEW(&scratch, int, n), n_corners = 0, n_edges = 0;
    double *angles = ARENA_NEW(&scratch, double, n), reach = 0;
    for (int i = 0; i < n; i++)
        reach = fmax(reach, distance(points + 3 * i, origin));
    for (int i = 0; i < n; i++) {
        bool is_new = true;
        for (int c = 0; is_new && c < n_corners; c++)
            is_new = distance(points + 3 * i, points + 3 * corners[c]) > same_place * reach;
        if (is_new)
            corners[n_corners++] = i;
    }
    for (int i = 0; i < n_corners; i++)
        for (int j = i + 1; j < n_corners; j++)
            if (is_edge(points, corners, n_corners, i, j, same_line * reach, angles)) {
                edges[n_edges][0] = corners[i];
                edges[n_edges++][1] = corners[j];
            }
    arena_release(&scratch);
    return n_edges;
}
