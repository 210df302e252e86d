/* Every workload of tests/bench/workloads/, trained by the program as a user runs it.
 *
 *     bench_workloads [--only A,D2] [--rounds 3] [--threads 2] [--isa LEVEL] [--folder build/bench]
 *                     PROGRAM WORKLOAD.yaml …
 *
 * A row has, for a step of all models of the workload:
 *     ms        processor time of one thread in the training loops: draws, gradients, updates; the
 *               least of the rounds, which is what others on the machine disturb least
 *     GFLOP/s   10 n m a sample: 2 for each multiply-add of the five dense products of n features
 *               and m hidden dimensions (two forward, three back). Work that sparsity saves counts
 *               as done, so this can pass the peak.
 *     of peak   GFLOP/s over the multiply-add peak measured at the start
 *     of limit  least time the machine needs by the model of cost.h, over ms
 *     expected  ms by that model with the program's own rates: what `superpose check` says
 *     threads   wall time of one thread over that of `threads` threads
 *     MiB       largest resident memory of the program (one thread, without --json)
 * After WORKLOAD_SECONDS no other round of a workload begins. */
#include "sim/base/clock.h"
#include "sim/experiment/cost.h"
#include "tests/bench/child.h"
#include "tests/bench/machine.h"
#include "tests/bench/peak.h"
#include "tests/bench/table.h"

#include <argp.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double WORKLOAD_SECONDS = 15;

typedef struct Options {
    const char *only, *isa, *folder, *program;
    const char **workloads; /* [n_workloads] */
    int n_workloads, n_rounds, n_threads;
} Options;

/* A workload, as the config says. */
typedef struct Workload {
    const char *path;
    char name[32];
    int64_t n_models, n_steps, batch;
    int n_features, n_hidden;
    double expected_s, limit_s; /* training all models */
} Workload;

/* Seconds in the training loops; memory. */
typedef struct Measured {
    double cpu_s, wall_s, wall_threads_s, max_mib;
} Measured;

enum {
    NAME,
    SIZES,
    MODELS,
    MS,
    SAMPLES,
    GFLOPS,
    PEAK,
    LIMIT,
    EXPECTED,
    THREADS,
    MEMORY,
    DATE,
    PROCESSOR,
    VERSION,
    ISA,
    PEAK_GFLOPS,
    N_COLUMNS
};

_Static_assert((int)N_COLUMNS <= (int)TABLE_COLUMNS, "room for the columns");

static const TableColumn columns[N_COLUMNS] = {
    [NAME] = {"", "workload", NULL, 6},
    [SIZES] = {"n, m", "sizes", NULL, 11},
    [MODELS] = {"models", "models", "%.0f", 6},
    [MS] = {"ms/step", "ms_per_step", "%.4f", 9},
    [SAMPLES] = {"samples/s", "samples_per_s", "%.3g", 9},
    [GFLOPS] = {"GFLOP/s", "dense_gflops", "%.1f", 7},
    [PEAK] = {"of peak", "share_of_peak", "%.2f", 7},
    [LIMIT] = {"of limit", "share_of_limit", "%.2f", 8},
    [EXPECTED] = {"expected", "expected_ms", "%.4f", 9},
    [THREADS] = {"threads", "speedup_of_threads", "x%.2f", 7},
    [MEMORY] = {"MiB", "max_mib", "%.1f", 6},
    [DATE] = {NULL, "date", NULL, 0},
    [PROCESSOR] = {NULL, "processor", NULL, 0},
    [VERSION] = {NULL, "version", NULL, 0},
    [ISA] = {NULL, "isa", NULL, 0},
    [PEAK_GFLOPS] = {NULL, "peak_gflops", "%.1f", 0},
};

static void die(const char *what, const char *name) {
    fprintf(stderr, "bench_workloads: %s %s\n", what, name);
    exit(1);
}

/* ---- the command line */

static const struct argp_option options_known[] = {
    {"only", 'o', "NAMES", 0, "these workloads: A,D2", 0},
    {"rounds", 'r', "N", 0, "measure each so often (default 3)", 0},
    {"threads", 't', "N", 0, "threads of the second measurement (default 2; 1: none)", 0},
    {"isa", 'i', "LEVEL", 0, "instruction set (default: the best here)", 0},
    {"folder", 'f', "DIR", 0, "where stores and workloads.csv go (default build/bench)", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    Options *options = state->input;
    switch (key) {
    case 'o':
        options->only = value;
        break;
    case 'r':
        options->n_rounds = atoi(value);
        break;
    case 't':
        options->n_threads = atoi(value);
        break;
    case 'i':
        options->isa = value;
        break;
    case 'f':
        options->folder = value;
        break;
    case ARGP_KEY_ARGS:
        options->program = state->argv[state->next];
        options->workloads = (const char **)(uintptr_t)state->argv + state->next + 1;
        options->n_workloads = state->argc - state->next - 1;
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static void name_of(const char *path, char name[32]) {
    const char *slash = strrchr(path, '/');
    snprintf(name, 32, "%s", slash ? slash + 1 : path);
    name[strcspn(name, ".")] = '\0';
}

static bool is_wanted(const char *only, const char *name) {
    size_t n = strlen(name);
    if (!only || !*only)
        return true;
    for (const char *at = only; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (!strncmp(at, name, n) && (at[n] == ',' || !at[n]))
            return true;
    }
    return false;
}

/* ---- what a workload is, and what the model of cost.h says of it */

static Workload workload_read(const char *path, double peak) {
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    Workload workload = {.path = path};
    CostRates limit = cost_limit_rates(peak);
    Experiment *experiment = experiment_load(path, NULL, 0, &arena, &problems);
    if (!experiment)
        die("cannot read", path);
    name_of(path, workload.name);
    workload.n_models = experiment->n_runs;
    Run run = experiment_run(experiment, 0, &arena);
    const Settings *settings = run.phases[0].settings;
    workload.n_steps = settings->train.steps;
    workload.batch = settings->train.batch;
    workload.n_features = (int)((const DataSettings *)settings->data.settings)->n_features;
    workload.n_hidden = (int)((const ModelSettings *)settings->model.settings)->n_hidden;
    workload.expected_s = cost_experiment(experiment, &cost_rates);
    workload.limit_s = cost_experiment(experiment, &limit);
    arena_release(&arena);
    return workload;
}

/* ---- measuring */

static double number_of(const json_t *object, const char *key) {
    return json_number_value(json_object_get(object, key));
}

/* Runs a workload from the start. */
static Child run_program(const Options *options, const char *path, int n_threads, bool wants_json) {
    char store[512], threads[16];
    snprintf(store, sizeof store, "%s/workload.db", options->folder);
    snprintf(threads, sizeof threads, "-j%d", n_threads);
    const char *words[12] = {options->program, "run",    path, threads, "-o", store,
                             "--no-figures",   "--quiet"};
    int n = 8;
    if (wants_json)
        words[n++] = "--json";
    if (options->isa) {
        words[n++] = "--isa";
        words[n++] = options->isa;
    }
    Child child;
    if (!child_run(words, &child) || child.code != 0)
        die("the program failed on", path);
    remove(store);
    return child;
}

/* The least of these rounds and the ones before. */
static void train_once(const Options *options, const char *path, int n_threads, double *cpu_s,
                       double *wall_s) {
    Child child = run_program(options, path, n_threads, true);
    json_t *told = json_loads(text_of(&child.output), 0, NULL);
    if (!told)
        die("the program printed no JSON on", path);
    *cpu_s = fmin(*cpu_s, number_of(told, "train_cpu_s"));
    *wall_s = fmin(*wall_s, number_of(told, "train_wall_s"));
    json_decref(told);
    text_release(&child.output);
}

static Measured measure(const Options *options, const char *path) {
    Measured measured = {HUGE_VAL, HUGE_VAL, HUGE_VAL, 0};
    double ignored = HUGE_VAL, start = clock_wall();
    Child whole = run_program(options, path, 1, false);
    measured.max_mib = whole.max_mib;
    text_release(&whole.output);
    for (int i = 0; i < options->n_rounds; i++) {
        if (i > 0 && clock_wall() - start > WORKLOAD_SECONDS)
            break;
        train_once(options, path, 1, &measured.cpu_s, &measured.wall_s);
        if (options->n_threads > 1)
            train_once(options, path, options->n_threads, &ignored, &measured.wall_threads_s);
    }
    return measured;
}

/* ---- the table */

static void set_speed(const Workload *workload, const Measured *measured, double peak,
                      Cell *cells) {
    double n_steps = (double)workload->n_steps, step = measured->cpu_s / n_steps;
    double samples = (double)workload->batch * (double)workload->n_models;
    double flops = 10.0 * samples * workload->n_features * workload->n_hidden;
    cells[MS].number = 1e3 * step;
    cells[SAMPLES].number = samples / step;
    cells[GFLOPS].number = 1e-9 * flops / step;
    cells[PEAK].number = 1e-9 * flops / step / peak;
    cells[LIMIT].number = workload->limit_s / measured->cpu_s;
    cells[EXPECTED].number = 1e3 * workload->expected_s / n_steps;
    if (isfinite(measured->wall_threads_s))
        cells[THREADS].number = measured->wall_s / measured->wall_threads_s;
}

static void add_workload(const Workload *workload, const Measured *measured, const Machine *machine,
                         const char *isa, double peak, Text *csv) {
    Cell cells[N_COLUMNS];
    char sizes[32];
    for (int i = 0; i < N_COLUMNS; i++)
        cells[i] = (Cell){"", (double)NAN};
    snprintf(sizes, sizeof sizes, "%d, %d", workload->n_features, workload->n_hidden);
    cells[NAME].text = workload->name;
    cells[SIZES].text = sizes;
    cells[MODELS].number = (double)workload->n_models;
    cells[MEMORY].number = measured->max_mib;
    set_speed(workload, measured, peak, cells);
    cells[DATE].text = machine->date;
    cells[PROCESSOR].text = machine->processor;
    cells[VERSION].text = machine->version;
    cells[ISA].text = isa;
    cells[PEAK_GFLOPS].number = peak;
    table_row(columns, N_COLUMNS, cells);
    table_csv_row(columns, N_COLUMNS, cells, csv);
}

static double say_peaks(const Machine *machine, Isa isa) {
    double peak = 0;
    printf("%s, %s, superpose %s\nmultiply-add peak of one core, GFLOP/s:", machine->date,
           machine->processor, machine->version);
    for (Isa level = ISA_BASELINE; level <= isa_best(); level++) {
        double gflops = peak_gflops(level);
        printf("  %s %.1f", isa_name(level), gflops);
        if (level == isa || level == ISA_BASELINE)
            peak = gflops;
    }
    printf("\ntrained with %s, batch 1024:\n", isa_name(isa));
    return peak;
}

int main(int argc, char **argv) {
    const struct argp argp = {
        options_known, parse, "PROGRAM WORKLOAD.yaml …", "Times the workloads.", NULL, NULL, NULL};
    Options options = {.folder = "build/bench", .n_rounds = 3, .n_threads = 2};
    Isa isa = isa_best();
    Error error;
    Text csv = {0};
    char path[512];
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    if (options.isa && !isa_find(options.isa, &isa, &error))
        die(error.text, "");
    Machine machine = machine_here();
    double peak = say_peaks(&machine, isa);
    table_heads(columns, N_COLUMNS);
    table_csv_heads(columns, N_COLUMNS, &csv);
    for (int i = 0; i < options.n_workloads; i++) {
        Workload workload = {0};
        name_of(options.workloads[i], workload.name);
        if (!is_wanted(options.only, workload.name))
            continue;
        workload = workload_read(options.workloads[i], peak);
        Measured measured = measure(&options, workload.path);
        add_workload(&workload, &measured, &machine, isa_name(isa), peak, &csv);
    }
    snprintf(path, sizeof path, "%s/workloads.csv", options.folder);
    bool is_written = table_csv_write(&csv, path);
    text_release(&csv);
    printf("%s\n", path);
    return is_written ? 0 : 1;
}
