#include "render/scene/graph_places.h"

#include <math.h>

/* Pairs of nodes a frame, about 10 ns each; and once, when a component is seen for the first time.
 */
enum { MOST_STEPS = 1000, STEPS_A_FRAME = 8 };
static const double pairs_a_frame = 1e5, pairs_at_first = 2e6;
/* The longest move of a node in a step, in radii of the disc: it falls by `cooling` a step. */
static const double hottest = 0.2, warm = 0.02, coldest = 0.002, cooling = 0.97;
static const double glide_time = 0.15, longest_gap = 1; /* seconds */
static const double roomy = 0.45; /* of the only square: it has no neighbours to keep clear of */
static const double near = 1e-4;  /* of the body: nobody sees that it is elsewhere */
static const double disc = 0.36;  /* of a square, as the panel draws it */

/* What is remembered of a feature. */
typedef struct NodePlace {
    bool is_laid, is_shown;
    double x, y;           /* in the unit disc of its component */
    double page_x, page_y; /* in shares of the body */
} NodePlace;

/* What is remembered of all. */
typedef struct Heat {
    uint64_t serial; /* of the moment laid out last */
    double longest;  /* the next step's longest move */
    double time;     /* of the last glide */
    double away;     /* how far a node was from where it goes, after it, in shares of the body */
} Heat;

static NodePlace *places_of(History *history) {
    int n_features = history_model(history, 0)->n_features;
    return history_remember(history, "graph places", (size_t)n_features * sizeof(NodePlace));
}

/* Where the nodes were; true where most are new. Two at one place would never part, so in a new
 * graph each gets a place of its own nearby. */
static bool recall(const NodePlace *places, bool is_new_graph, GraphComponent *component) {
    const double nearby = is_new_graph ? 0.001 : 0;
    int n = component->n, n_new = 0;
    for (int i = 0; i < n; i++)
        n_new += !places[component->features[i]].is_laid;
    force_start(n, component->x, component->y);
    if (2 * n_new > n)
        return true;
    for (int i = 0; i < n; i++) {
        const NodePlace *place = &places[component->features[i]];
        if (!place->is_laid)
            continue;
        component->x[i] = place->x + nearby * component->x[i];
        component->y[i] = place->y + nearby * component->y[i];
    }
    return false;
}

/* As many steps as its part of all pairs allows: a new one until it rests, others a few a frame. */
static void relax(GraphComponent *component, bool is_new, double share, double *longest) {
    double of_one = 0.5 * component->n * component->n + component->n_edges;
    double n_pairs = share * (is_new ? pairs_at_first : pairs_a_frame);
    int most = (int)fmin(fmax(n_pairs / of_one, 1), is_new ? MOST_STEPS : STEPS_A_FRAME);
    for (int step = 0; step < most && *longest >= coldest; step++) {
        force_step(component->n, component->edges, component->n_edges, *longest, component->x,
                   component->y);
        *longest *= cooling;
    }
    force_fit(component->n, component->x, component->y);
}

static void keep(NodePlace *places, const GraphComponent *component) {
    for (int i = 0; i < component->n; i++) {
        NodePlace *place = &places[component->features[i]];
        place->x = component->x[i];
        place->y = component->y[i];
        place->is_laid = true;
    }
}

void graph_places_lay_out(History *history, int moment, GraphComponent *components, int n) {
    int n_moments;
    uint64_t serial = history_moments(history, &n_moments)[moment].serial;
    NodePlace *places = places_of(history);
    Heat *heat = history_remember(history, "graph heat", sizeof *heat);
    double coolest = heat->longest, n_pairs = 0;
    bool is_new_graph = heat->serial != serial;
    if (is_new_graph)
        coolest = fmax(coolest, warm);
    heat->serial = serial;
    for (int c = 0; c < n; c++)
        n_pairs += components[c].is_placed ? 0 : (double)components[c].n * components[c].n;
    heat->longest = 0;
    for (int c = 0; c < n; c++) {
        GraphComponent *component = &components[c];
        double share = (double)component->n * component->n / n_pairs, longest = coolest;
        if (!component->is_placed) {
            bool is_new = recall(places, is_new_graph, component);
            longest = is_new ? hottest : coolest;
            relax(component, is_new, share, &longest);
            heat->longest = fmax(heat->longest, longest);
        }
        keep(places, component);
    }
}

/* How much of its way a node goes: all where there was no frame just before. */
static double step_of(Heat *heat, double time) {
    double gap = time - heat->time;
    heat->time = time;
    return gap < 0 || gap > longest_gap ? 1 : 1 - exp(-gap / glide_time);
}

void graph_places_glide(History *history, double time, const Rect *squares, double width,
                        double height, GraphComponent *components, int n) {
    NodePlace *places = places_of(history);
    Heat *heat = history_remember(history, "graph heat", sizeof *heat);
    double step = step_of(heat, time), spread = n == 1 ? roomy : disc;
    heat->away = 0;
    for (int c = 0; c < n; c++) {
        Rect square = squares[c];
        double middle_x = square.x + square.width / 2, middle_y = square.y + square.height / 2;
        for (int i = 0; i < components[c].n; i++) {
            NodePlace *place = &places[components[c].features[i]];
            double *x = &components[c].x[i], *y = &components[c].y[i];
            double goal_x = (middle_x + spread * square.width * *x) / width,
                   goal_y = (middle_y - spread * square.height * *y) / height;
            double share = place->is_shown ? step : 1;
            place->page_x += share * (goal_x - place->page_x);
            place->page_y += share * (goal_y - place->page_y);
            place->is_shown = true;
            heat->away = fmax(heat->away, fabs(goal_x - place->page_x));
            heat->away = fmax(heat->away, fabs(goal_y - place->page_y));
            *x = (place->page_x * width - middle_x) / (disc * square.width);
            *y = (middle_y - place->page_y * height) / (disc * square.height);
        }
    }
}

bool graph_places_move(History *history) {
    const Heat *heat = history_remember(history, "graph heat", sizeof *heat);
    return heat->longest >= coldest || heat->away > near;
}
