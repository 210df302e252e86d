/* render: the detector of energy-level jumps, on histories that are written down. Two features in
 * two dimensions at an angle with cosine c have D = 1 / (1 + c^2) each (the definition of D_i), so
 * any course of D from 1/2 to 1 can be given. Last, a real training and what is stored of it. */
#include "render/scene/jumps.h"
#include "sim/base/rng.h"
#include "sim/summary/summary.h"
#include "tests/followed.h"
#include "tests/watched.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 100, EVERY = 10, N_STEPS = 4000 };

/* What D and the loss are at a step, before noise. */
typedef struct Story {
    double (*D)(int64_t step);
    double (*loss)(int64_t step);
    double D_noise, loss_noise; /* standard deviations; that of the loss is a fraction */
    int64_t change;             /* a new world begins here; 0: none */
} Story;

static void add_moment(Watched *watched, const Story *story, Rng *rng, int64_t step) {
    double D = story->D(step) + story->D_noise * rng_normal(rng);
    double c = sqrt(1 / fmin(fmax(D, 0.5), 1) - 1);
    const float parameters[6] = {1, 0, (float)c, (float)sqrt(1 - c * c), 0, 0};
    watched_add(watched, step, story->loss(step) * (1 + story->loss_noise * rng_normal(rng)),
                parameters);
}

/* Tells the story, lets the detector look after every `per_look` moments, and gives the marks. */
static int tell(const Story *story, int per_look, Watched *watched, const TimeMark **marks) {
    Rng rng;
    int n, n_found = 0;
    rng_init(&rng, 1, 2, 3);
    watched_open(watched, "{kind: independent, n_features: 2, feature_probability: 0.1}",
                 "{kind: relu_output, n_hidden: 2}");
    Jumps *jumps = jumps_open(2, WINDOW, &watched->arena);
    for (int64_t step = 0, k = 0; step <= N_STEPS; step += EVERY, k++) {
        if (story->change && step == story->change) {
            World world = *history_world(watched->history, 0);
            world.step = step;
            history_add_world(watched->history, &world);
        }
        add_moment(watched, story, &rng, step);
        if (k % per_look == per_look - 1 || step == N_STEPS)
            n_found += jumps_look(jumps, watched->history);
    }
    *marks = history_marks(watched->history, &n);
    cr_assert_eq(n, n_found);
    return n;
}

/* From 2/3 to 1/2 within 100 steps around 2000; from 2/3 to 4/5 around 3000. */
static double D_falls(int64_t step) {
    double way = fmin(fmax(((double)step - 1950) / 100, 0), 1);
    return 2.0 / 3 - way / 6;
}

static double D_rises(int64_t step) {
    double way = fmin(fmax(((double)step - 2950) / 100, 0), 1);
    return 2.0 / 3 + way * 2 / 15;
}

static double D_stands(int64_t step) {
    (void)step;
    return 0.6;
}

/* A sixth in 2500 steps, 25 windows: never faster than a level may move. */
static double D_drifts(int64_t step) {
    return 2.0 / 3 - fmin((double)step / 2500, 1) / 6;
}

static double loss_stands(int64_t step) {
    (void)step;
    return 0.3;
}

static double loss_falls(int64_t step) {
    return step < 2000 ? 0.3 : step < 3000 ? 0.28 : 0.25;
}

static double loss_rises(int64_t step) {
    return step < 2000 ? 0.3 : 0.32;
}

static double loss_is_unknown(int64_t step) {
    (void)step;
    return (double)NAN;
}

Test(jumps, marks_where_D_moves_and_the_loss_drops) {
    Watched watched;
    const TimeMark *marks;
    const Story falls = {D_falls, loss_falls, 0.003, 0.02, 0};
    cr_assert_eq(tell(&falls, 1, &watched, &marks), 1);
    cr_assert_eq(marks[0].kind, TIME_JUMP);
    cr_assert(llabs(marks[0].step - 2000) <= 2 * EVERY, "%lld", (long long)marks[0].step);
    cr_assert(strstr(marks[0].text, "2/3 → 1/2"), "%s", marks[0].text);
    watched_close(&watched);
    const Story rises = {D_rises, loss_falls, 0.003, 0.02, 0};
    cr_assert_eq(tell(&rises, 1, &watched, &marks), 1);
    cr_assert(llabs(marks[0].step - 3000) <= 2 * EVERY, "%lld", (long long)marks[0].step);
    cr_assert(strstr(marks[0].text, "2/3 → 4/5"), "%s", marks[0].text);
    watched_close(&watched);
}

/* A replay brings many moments at once, a training one after the other. */
Test(jumps, finds_the_same_however_moments_come) {
    const Story story = {D_falls, loss_falls, 0.003, 0.02, 0};
    const int per_look[] = {1, 7, 1000};
    int64_t step = -1;
    for (int i = 0; i < 3; i++) {
        Watched watched;
        const TimeMark *marks;
        cr_assert_eq(tell(&story, per_look[i], &watched, &marks), 1);
        cr_assert(step < 0 || step == marks[0].step);
        step = marks[0].step;
        watched_close(&watched);
    }
}

Test(jumps, wants_both) {
    const struct {
        const char *what;
        Story story;
    } cases[] = {
        {"a loss that stands", {D_falls, loss_stands, 0.003, 0.02, 0}},
        {"a loss that rises", {D_falls, loss_rises, 0.003, 0.02, 0}},
        {"a loss nobody knows", {D_falls, loss_is_unknown, 0.003, 0, 0}},
        {"a fall that the noise hides", {D_falls, loss_falls, 0.003, 0.5, 0}},
        {"a D that stands", {D_stands, loss_falls, 0.003, 0.02, 0}},
        {"a D that is noise", {D_stands, loss_falls, 0.03, 0.02, 0}},
        {"a D that drifts", {D_drifts, loss_falls, 0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Watched watched;
        const TimeMark *marks;
        cr_expect_eq(tell(&cases[i].story, 1, &watched, &marks), 0, "%s", cases[i].what);
        watched_close(&watched);
    }
}

/* What follows a change of settings at once is its work; later, when D has stood again, it may
 * jump. */
Test(jumps, are_not_what_a_change_of_settings_does) {
    const struct {
        int64_t change;
        int expected;
    } cases[] = {{1900, 0}, {1950, 0}, {2000, 0}, {2040, 0}, {1700, 1}, {2300, 1}};
    for (int i = 0; i < 6; i++) {
        const Story story = {D_falls, loss_falls, 0, 0.01, cases[i].change};
        Watched watched;
        const TimeMark *marks;
        cr_expect_eq(tell(&story, 1, &watched, &marks), cases[i].expected, "change at %lld",
                     (long long)cases[i].change);
        watched_close(&watched);
    }
}

/* At first all move: what never stood cannot jump. */
static double D_settles(int64_t step) {
    return 0.9 - 0.4 * fmin((double)step / 500, 1);
}

Test(jumps, leave_the_beginning_alone) {
    Watched watched;
    const TimeMark *marks;
    const Story story = {D_settles, loss_falls, 0, 0.01, 0};
    cr_assert_eq(tell(&story, 1, &watched, &marks), 0);
    watched_close(&watched);
}

/* ---- jumps of a real training ---- */

static Experiment *load(const char *path, Arena *arena) {
    Problems problems = {.arena = arena};
    Experiment *experiment = experiment_load(path, NULL, 0, arena, &problems);
    cr_assert(experiment, "%s", path);
    return experiment;
}

/* A mark at most 20 snapshots away: what the summary itself takes for one jump. */
static bool has_mark(const History *history, int64_t step) {
    int n;
    const TimeMark *marks = history_marks(history, &n);
    for (int i = 0; i < n; i++)
        if (marks[i].kind == TIME_JUMP && llabs(marks[i].step - step) <= 500)
            return true;
    return false;
}

static const Measurement *read_summary(Store *store, const char *name, Arena *arena) {
    StoredMeasurement *stored = ARENA_NEW(arena, StoredMeasurement, 1);
    bool found;
    Error error = {0};
    cr_assert(store_measurement(store, 0, name, 0, arena, stored, &found, &error) && found);
    return &stored->measurement;
}

/* Of the jumps that the summary finds when all is over, looking at the whole run, the detector
 * finds nine in ten while it goes on: 30 of 30 when this was written. */
Test(jumps, are_those_of_the_summary) {
    Stored stored = {0};
    Store *store;
    Error error = {0};
    int64_t n_found = 0;
    snprintf(stored.path, sizeof stored.path, "/tmp/superpose-follow-%d.db", (int)getpid());
    stored.experiment = load("configs/paper/energy_levels.yaml", &stored.arena);
    stored_train(&stored, -1);
    cr_assert(store_open(&store, stored.path, STORE_WRITE, &error) &&
                  summaries_make(&stored.experiment->summaries, store, &error),
              "%s", error.text);
    const Measurement *run = read_summary(store, "jumps_run", &stored.arena);
    const Measurement *step = read_summary(store, "jumps_step", &stored.arena);
    cr_assert(store_close(store, &error));
    int64_t n = measurement_count(run);
    cr_assert_gt(n, 20);
    for (int64_t i = 0; i < n; i++) {
        Stage *stage = open_stage(stored.path, (int64_t)run->values[i]);
        bool is_new;
        read_all(stage);
        cr_assert(stage_collect(stage, &is_new, &error));
        n_found += has_mark(stage->histories[0], (int64_t)step->values[i]);
        stage_close(stage);
    }
    cr_assert_geq(10 * n_found, 9 * n, "%lld of %lld", (long long)n_found, (long long)n);
    stored_release(&stored);
}
