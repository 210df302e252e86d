#include "render/panel/force.h"

#include "sim/base/arena.h"

#include <math.h>

enum { N_STEPS = 300 };
static const double gravity = 1;

/* A sunflower: evenly spread, and no two nodes alike. */
void force_start(int n, double *x, double *y) {
    const double golden_angle = 2.39996322972865332;
    for (int i = 0; i < n; i++) {
        double radius = sqrt((i + 0.5) / n);
        x[i] = radius * cos(golden_angle * i);
        y[i] = radius * sin(golden_angle * i);
    }
}

/* Pushes node i away from node j, and j from i; a negative force pulls. */
static void push(int i, int j, double force, const double *x, const double *y, double *dx,
                 double *dy) {
    double across = x[i] - x[j], down = y[i] - y[j], distance = hypot(across, down);
    if (!(distance > 0))
        return;
    dx[i] += force * across / distance;
    dy[i] += force * down / distance;
    dx[j] -= force * across / distance;
    dy[j] -= force * down / distance;
}

static void add_forces(int n, const GraphEdge *edges, int n_edges, const double *x, const double *y,
                       double *dx, double *dy) {
    double ideal = sqrt(3.0 / n); /* what each of n nodes has of the disc, as a length */
    for (int i = 0; i < n; i++) { /* a chain would stretch, its nodes on one another */
        dx[i] = -gravity * x[i];
        dy[i] = -gravity * y[i];
    }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++) {
            double distance = fmax(hypot(x[i] - x[j], y[i] - y[j]), 1e-6);
            push(i, j, ideal * ideal / distance, x, y, dx, dy);
        }
    for (int e = 0; e < n_edges; e++) {
        int i = edges[e].from, j = edges[e].to;
        double distance = hypot(x[i] - x[j], y[i] - y[j]);
        push(i, j, -edges[e].weight * distance * distance / ideal, x, y, dx, dy);
    }
}

void force_fit(int n, double *x, double *y) {
    double mean_x = 0, mean_y = 0, radius = 0;
    for (int i = 0; i < n; i++) {
        mean_x += x[i] / n;
        mean_y += y[i] / n;
    }
    for (int i = 0; i < n; i++)
        radius = fmax(radius, hypot(x[i] - mean_x, y[i] - mean_y));
    for (int i = 0; i < n; i++) {
        x[i] = radius > 0 ? (x[i] - mean_x) / radius : 0;
        y[i] = radius > 0 ? (y[i] - mean_y) / radius : 0;
    }
}

void force_step(int n, const GraphEdge *edges, int n_edges, double longest, double *x, double *y) {
    Arena scratch = {0};
    double *dx = ARENA_NEW(&scratch, double, n), *dy = ARENA_NEW(&scratch, double, n);
    add_forces(n, edges, n_edges, x, y, dx, dy);
    for (int i = 0; i < n; i++) {
        double length = hypot(dx[i], dy[i]);
        if (length > 0) {
            x[i] += dx[i] / length * fmin(length, longest);
            y[i] += dy[i] / length * fmin(length, longest);
        }
    }
    arena_release(&scratch);
}

void force_layout(int n, const GraphEdge *edges, int n_edges, double *x, double *y) {
    force_start(n, x, y);
    for (int step = 0; step < N_STEPS; step++) /* cools down */
        force_step(n, edges, n_edges, 0.2 * (1 - (double)step / N_STEPS), x, y);
    force_fit(n, x, y);
}
