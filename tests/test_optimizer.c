/* Optimizers and schedules: the numbers are PyTorch's (tests/reference/optimizers.py). */
#include "sim/train/optimizer.h"
#include "sim/train/schedule.h"
#include "tests/reference/optimizers.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { N_CASES = sizeof reference_cases / sizeof *reference_cases };

static const Kind *row_of(const KindTable *table, const char *name) {
    for (int i = 0; i < table->n_rows; i++)
        if (strcmp(table->rows[i]->name, name) == 0)
            return table->rows[i];
    cr_assert_fail("no %s named %s", table->noun, name);
    return NULL;
}

/* A kind's settings, field by field. */
static void fill_settings(const Kind *kind, const double *values, void *settings) {
    for (int i = 0; i < kind->n_fields; i++) {
        double *value = (double *)((char *)settings + kind->fields[i].offset);
        *value = values[i];
    }
}

static Update update_of(int case_, int t) {
    return (Update){
        .step = t + 1,
        .learning_rate = reference_cases[case_].learning_rate * (1 - (double)t / N_REFERENCE_STEPS),
        .weight_decay = reference_cases[case_].weight_decay,
        .momentum = reference_cases[case_].momentum,
    };
}

/* Eight updates in float against float64: each rounds values below 2 a few times, 2^-24 a time at
 * most, so 8 * 4 * 2^-24 = 1.9e-6 bounds the difference. */
Test(optimizer, updates_as_pytorch_does) {
    for (int c = 0; c < N_CASES; c++) {
        const Kind *kind = row_of(&optimizer_table, reference_cases[c].optimizer);
        const OptimizerKind *optimizer = (const OptimizerKind *)kind;
        double settings[8];
        fill_settings(kind, reference_cases[c].constants, settings);
        float p[N_REFERENCE_PARAMETERS], g[N_REFERENCE_PARAMETERS];
        float m[N_REFERENCE_PARAMETERS] = {0}, v[N_REFERENCE_PARAMETERS] = {0};
        float *states[MAX_OPTIMIZER_STATES] = {m, v};
        for (int i = 0; i < N_REFERENCE_PARAMETERS; i++)
            p[i] = (float)reference_start[i];
        for (int t = 0; t < N_REFERENCE_STEPS; t++) {
            Update update = update_of(c, t);
            for (int i = 0; i < N_REFERENCE_PARAMETERS; i++)
                g[i] = (float)reference_gradients[t][i];
            Factors factors = optimizer->factors(settings, &update);
            optimizer->step(&factors, N_REFERENCE_PARAMETERS, p, g, states);
            for (int i = 0; i < N_REFERENCE_PARAMETERS; i++)
                cr_assert_float_eq(p[i], reference_cases[c].parameters[t][i], 1.9e-6,
                                   "case %d (%s), step %d, element %d: %.9g, PyTorch %.9g", c,
                                   kind->name, t, i, (double)p[i],
                                   reference_cases[c].parameters[t][i]);
        }
    }
}

enum { N_LONG = 1000 };

/* 20 updates of 1000 parameters, in ranges that end at the multiples of `range`. */
static void update_in_ranges(int case_, int range, float *p) {
    const Kind *kind = row_of(&optimizer_table, reference_cases[case_].optimizer);
    const OptimizerKind *optimizer = (const OptimizerKind *)kind;
    double settings[8];
    fill_settings(kind, reference_cases[case_].constants, settings);
    float m[N_LONG] = {0}, v[N_LONG] = {0}, g[N_LONG];
    for (int i = 0; i < N_LONG; i++)
        p[i] = sinf((float)i);
    for (int t = 0; t < 20; t++) {
        Update update = update_of(case_, t % N_REFERENCE_STEPS);
        update.step = t + 1;
        Factors factors = optimizer->factors(settings, &update);
        for (int i = 0; i < N_LONG; i++)
            g[i] = cosf((float)(i * (t + 1)));
        for (int begin = 0; begin < N_LONG; begin += range) {
            int n = begin + range < N_LONG ? range : N_LONG - begin;
            float *states[MAX_OPTIMIZER_STATES] = {m + begin, v + begin};
            optimizer->step(&factors, n, p + begin, g + begin, states);
        }
    }
}

Test(optimizer, has_the_same_bits_in_any_ranges) {
    static const int ranges[] = {1, 3, 7, 16, 333, 999};
    for (int c = 0; c < N_CASES; c++) {
        float whole[N_LONG], parts[N_LONG];
        update_in_ranges(c, N_LONG, whole);
        for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
            update_in_ranges(c, ranges[r], parts);
            cr_assert_eq(memcmp(whole, parts, sizeof whole), 0, "case %d in ranges of %d", c,
                         ranges[r]);
        }
    }
}

Test(optimizer, has_pytorchs_default_weight_decay) {
    for (int i = 0; i < optimizer_table.n_rows; i++) {
        const OptimizerKind *optimizer = (const OptimizerKind *)optimizer_table.rows[i];
        bool is_decoupled = strcmp(optimizer->kind.name, "adamw") == 0;
        cr_assert_eq(optimizer->weight_decay, is_decoupled ? 0.01 : 0);
        cr_assert_leq(optimizer->n_states, MAX_OPTIMIZER_STATES);
        if (optimizer->constants) {
            double settings[8], constants[3];
            fill_settings(&optimizer->kind, (const double[]){0.25, 0.5, 0.125}, settings);
            optimizer->constants(settings, constants);
            cr_assert(constants[0] == 0.25 && constants[1] == 0.5 && constants[2] == 0.125);
        }
    }
}

static double factor(const char *name, int64_t warmup, double final, int64_t step,
                     int64_t n_steps) {
    ScheduleSettings settings = {.warmup = warmup, .final = final};
    Choice choice = {.kind = row_of(&schedule_table, name), .settings = &settings};
    return schedule_factor(&choice, step, n_steps);
}

/* Of a schedule whose length is given: that of the run has no say. */
static double factor_of_length(const char *name, int64_t warmup, double final, int64_t steps,
                               int64_t step, int64_t n_steps) {
    ScheduleSettings settings = {.warmup = warmup, .final = final, .steps = steps};
    Choice choice = {.kind = row_of(&schedule_table, name), .settings = &settings};
    return schedule_factor(&choice, step, n_steps);
}

Test(schedule, is_as_pytorchs_where_pytorch_has_it) {
    for (int t = 0; t < 7; t++) {
        cr_assert_float_eq(factor("linear", 0, 0, t, 7), reference_linear[t], 1e-14);
        cr_assert_float_eq(factor("cosine", 0, 0.1, t, 7), reference_cosine[t], 1e-14);
    }
}

/* By hand: cos(0), cos(pi/6), cos(pi/3), cos(pi/2) at 0, 1, 2, 3 of T = 4; warm-up over 4 steps
 * rises by quarters, then the schedule runs over what is left; final lifts 0 to itself. */
Test(schedule, has_closed_forms) {
    static const struct {
        const char *name;
        int64_t warmup;
        double final;
        int64_t step, n_steps;
        double factor;
    } rows[] = {
        {"constant", 0, 0, 0, 10, 1},
        {"constant", 0, 0, 9, 10, 1},
        {"constant", 0, 0.5, 9, 10, 1},
        {"constant", 4, 0, 0, 10, 0.25},
        {"constant", 4, 0, 3, 10, 1},
        {"constant", 20, 0, 9, 10, 0.5},
        {"linear", 0, 0, 5, 10, 0.5},
        {"linear", 0, 0.5, 5, 10, 0.75},
        {"linear", 4, 0, 1, 14, 0.5},
        {"linear", 4, 0, 4, 14, 1},
        {"linear", 4, 0, 13, 14, 0.1},
        {"cosine", 0, 0, 0, 4, 1},
        {"cosine", 0, 0, 2, 4, 0.5},
        {"cosine", 0, 0.2, 2, 4, 0.6},
        {"cosine", 2, 0, 4, 6, 0.5},
        {"cosine_quarter", 0, 0, 0, 1, 1},
        {"cosine_quarter", 0, 0, 0, 4, 1},
        {"cosine_quarter", 0, 0, 1, 4, 0.86602540378443865},
        {"cosine_quarter", 0, 0, 2, 4, 0.5},
        {"cosine_quarter", 0, 0, 3, 4, 0},
        {"cosine_quarter", 0, 0.25, 3, 4, 0.25},
        {"cosine_quarter", 3, 0, 3, 4, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_float_eq(
            factor(rows[i].name, rows[i].warmup, rows[i].final, rows[i].step, rows[i].n_steps),
            rows[i].factor, 1e-15, "row %zu (%s)", i, rows[i].name);
}

/* The same formulas with the schedule's own T, in a run that ends before it or goes on beyond: at T
 * and after, linear and the cosines are 0, or final, and constant is 1. */
Test(schedule, has_a_length_of_its_own) {
    static const struct {
        const char *name;
        int64_t warmup;
        double final;
        int64_t steps, step;
        double factor;
    } rows[] = {
        {"constant", 0, 0.5, 5, 9, 1},
        {"constant", 4, 0, 2, 3, 1},
        {"linear", 0, 0, 10, 5, 0.5},
        {"linear", 0, 0, 10, 9, 0.1},
        {"linear", 0, 0, 10, 10, 0},
        {"linear", 0, 0.25, 10, 1000, 0.25},
        {"linear", 4, 0, 14, 9, 0.5},
        {"linear", 4, 0, 4, 3, 1},
        {"linear", 4, 0, 4, 4, 0},
        {"linear", 8, 0, 4, 5, 0.75},
        {"linear", 8, 0, 4, 8, 0},
        {"cosine", 0, 0, 4, 2, 0.5},
        {"cosine", 0, 0.2, 4, 4, 0.2},
        {"cosine", 0, 0, 4, 8, 0}, /* where the wave would be back at 1 */
        {"cosine", 2, 0, 6, 4, 0.5},
        {"cosine_quarter", 0, 0, 1, 0, 1},
        {"cosine_quarter", 0, 0, 1, 1, 0},
        {"cosine_quarter", 0, 0, 4, 2, 0.5},
        {"cosine_quarter", 0, 0.25, 4, 3, 0.25},
        {"cosine_quarter", 0, 0, 4, 6, 0}, /* where it would be -1 */
    };
    static const int64_t run_lengths[] = {1, 3, 10, 1000000};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < sizeof run_lengths / sizeof *run_lengths; k++)
            cr_assert_float_eq(factor_of_length(rows[i].name, rows[i].warmup, rows[i].final,
                                                rows[i].steps, rows[i].step, run_lengths[k]),
                               rows[i].factor, 1e-15, "row %zu (%s)", i, rows[i].name);
}
