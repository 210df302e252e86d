/* History: what is known so far of one run: the world it trains in, copies of its parameters over
 * time, and what metrics make of these. runs/ fills it, from a training or from a store; scenes
 * read it and nothing else, so that a picture can look at any time without touching the training.
 *
 * Memory is bounded: when all moments are taken every second one is dropped, and from then on they
 * are kept at twice the distance. The newest is always there. */
#ifndef SUPERPOSE_RENDER_SCENE_HISTORY_H
#define SUPERPOSE_RENDER_SCENE_HISTORY_H

#include "sim/metric/metric.h"

/* A copy of the run at a step. */
typedef struct Moment {
    int64_t step;
    uint64_t serial; /* no other copy of this history has it: for what keeps pictures of it */
    double loss;     /* of the step's batch, or as it was measured; NaN: not known */
    double learning_rate;
    double dimensions_per_feature; /* D* = m / ||W||_F^2 */
    int features_represented;
    const float *parameters;     /* [n_parameters] */
    const float *feature_norm;   /* [n_features] */
    const float *dimensionality; /* [n_features]: D_i; NULL where there are more than
                                    MOST_FOLLOWED features */
} Moment;

enum { MOST_FOLLOWED = 2000 };

/* What holds from a step on: `input` has data, task and the rest of the objective, and no model. */
typedef struct World {
    int64_t step;
    MetricInput input;
} World;

typedef enum TimeMarkKind { TIME_CHANGE, TIME_BOOKMARK, TIME_JUMP } TimeMarkKind;

/* A place on the time axis that means something. */
typedef struct TimeMark {
    int64_t step;
    TimeMarkKind kind;
    const char *text; /* markup: "1 − <i>S</i>: 0.3 → 0.05" */
} TimeMark;

typedef enum RunState {
    STATE_WAITING,
    STATE_TRAINING,
    STATE_DONE,
    STATE_FAILED,
    STATE_INTERRUPTED
} RunState;

typedef struct History History;

/** A history of a run whose models are of this choice and size, without any moment; `name` (markup)
 * tells it from others, "" where it is the only one. most_bytes bounds what its moments take, of
 * which there are 64 to 2048 whatever it says. Fails where memory is short. */
bool history_open(History **history, const char *name, const Choice *model, int n_features,
                  size_t most_bytes, Error *error);

/** How many moments it keeps at most. */
int history_capacity(const History *history);

/** Frees it; NULL is allowed. */
void history_close(History *history);

/** Adds the world that holds from world->step on, later than all others or in place of the last;
 * what it points to must live as long as the history. There is one before the first moment. */
void history_add_world(History *history, const World *world);

/** Adds a copy of the parameters [n_parameters] at a later step than all others, or in place of the
 * newest, and measures norms and dimensionalities. */
bool history_add(History *history, int64_t step, double loss, double learning_rate,
                 const float *parameters, Error *error);

/** Adds a mark, in the order of steps; the text is copied. */
void history_add_mark(History *history, int64_t step, TimeMarkKind kind, const char *text);

/** Gives the last mark of that kind up to a step another text; false: there is none. */
bool history_change_mark(History *history, TimeMarkKind kind, int64_t step, const char *text);

/** Takes the bookmark nearest to the step away; false: there is none within `reach` steps. */
bool history_drop_bookmark(History *history, int64_t step, int64_t reach);

/** How far the run is; `why` says what went wrong, or NULL. */
void history_set_state(History *history, RunState state, const char *why);

/* ---- what scenes ask ---- */

/** What tells it from other runs, in markup; "": it is the only one. */
const char *history_name(const History *history);

/** How far the run is. */
RunState history_state(const History *history);

/** Why it failed; "" where it did not. */
const char *history_why(const History *history);

/** The moments in the order of steps: [*n]; they stay until the next history_add. */
const Moment *history_moments(const History *history, int *n);

/** The last moment at or before the step; the first where there is none before; -1: no moments. */
int history_moment_at(const History *history, int64_t step);

/** The model at a moment: it stays as it is until this is asked again. */
const Model *history_model(History *history, int moment);

/** The world of a moment's step. */
const World *history_world(const History *history, int64_t step);

/** All worlds in the order of steps: [*n]. */
const World *history_worlds(const History *history, int *n);

/** All marks in the order of steps: [*n]; they stay until the next is added or dropped. */
const TimeMark *history_marks(const History *history, int *n);

/** A measurement by any metric, of the model at a moment; kept for one moment at a time. NULL where
 * the metric refuses the model; `why` (may be NULL) then gets the reason. */
const Measurement *history_measure(History *history, int moment, const char *name,
                                   const char **why);

/** What a scene remembers of the run from one frame to the next (places that must not jump):
 * `size` bytes under this name, zeros at first, which live as long as the history. */
void *history_remember(History *history, const char *name, size_t size);

#endif
