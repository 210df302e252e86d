/* superpose check: validates a config, prints it resolved, and says what it will cost. */
#include "sim/command/figures.h"
#include "sim/command/progress.h"
#include "sim/experiment/cost.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

typedef struct Arguments {
    Words words;
    bool json;
} Arguments;

enum { OPTION_JSON = 256 };

static const struct argp_option options[] = {
    {"json", OPTION_JSON, NULL, 0, "one JSON object: runs, expected cost, store, figures", 0}, {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    Arguments *arguments = state->input;
    if (key != OPTION_JSON)
        return words_take(&arguments->words, key, value, state);
    arguments->json = true;
    return 0;
}

const struct argp check_argp = {
    options,
    parse,
    "CONFIG [KEY=VALUE …]",
    "Validates the config, prints it with every setting, and says how many runs it has and "
    "what they will cost. Trains nothing.",
    NULL,
    NULL,
    NULL};

/* Bytes of the largest run. Of a large sweep every k-th run is looked at. */
static double most_bytes(const Experiment *experiment) {
    int64_t stride = experiment->n_runs / 10000 + 1;
    double most = 0;
    for (int64_t number = 0; number < experiment->n_runs; number += stride) {
        Arena scratch = {0};
        Run run = experiment_run(experiment, number, &scratch);
        most = fmax(most, cost_bytes(&run));
        arena_release(&scratch);
    }
    return most;
}

/* Expected seconds of one processor. */
typedef struct Expected {
    double training, measuring;
} Expected;

static void print_text(const Experiment *experiment, const Expected *expected) {
    Text text = {0};
    Arena arena = {0};
    char duration[32];
    experiment_print(experiment, &text);
    fputs(text_of(&text), stdout);
    text_release(&text);
    printf("# runs: %lld (points %lld x restarts %lld)\n", (long long)experiment->n_runs,
           (long long)experiment->n_points, (long long)experiment->restarts);
    printf("# expected cost: about %s of one processor, training and measuring; %.3g MB for the "
           "largest run\n",
           progress_duration(duration, expected->training + expected->measuring),
           most_bytes(experiment) / 1e6);
    printf("# store: %s\n", experiment_store_path(experiment, &arena));
    arena_release(&arena);
}

static void print_json(const Experiment *experiment, const Expected *expected) {
    Arena arena = {0};
    json_t *figures = json_array();
    for (int i = 0; experiment->figures && i < experiment->figures->n; i++)
        json_array_append_new(figures,
                              json_string(experiment_figure(experiment->figures->items[i])));
    json_t *object =
        json_pack("{s:s, s:I, s:I, s:I, s:f, s:f, s:f, s:s, s:i, s:o}", "name", experiment->name,
                  "runs", (json_int_t)experiment->n_runs, "points",
                  (json_int_t)experiment->n_points, "restarts", (json_int_t)experiment->restarts,
                  "expected_cpu_s", expected->training + expected->measuring,
                  "expected_train_cpu_s", expected->training, "largest_run_bytes",
                  most_bytes(experiment), "store", experiment_store_path(experiment, &arena),
                  "claims", experiment->n_claims, "figures", figures);
    json_dumpf(object, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
    puts("");
    json_decref(object);
    arena_release(&arena);
}

ExitCode command_check(const Program *program, int argc, char **argv) {
    Arguments arguments = {.words = {.least = 1, .wanted = "a config"}};
    Arena arena = {0};
    argp_parse(&check_argp, argc, argv, 0, NULL, &arguments);
    Experiment *experiment = command_load(program, &arguments.words, &arena);
    Problems problems = {.arena = &arena};
    if (experiment)
        figures_check_sizes(program, experiment, &arena, &problems);
    if (command_say(&problems))
        experiment = NULL;
    if (experiment) {
        const Expected expected = {cost_experiment(experiment, &cost_rates),
                                   cost_measuring(experiment, &cost_rates)};
        (arguments.json ? print_json : print_text)(experiment, &expected);
        if (experiment->figures && experiment->figures->n && !program->render)
            fputs("superpose: superpose-render is not here: the kinds of figures are not checked\n",
                  stderr);
    }
    arena_release(&arena);
    return experiment ? EXIT_DONE : EXIT_USAGE;
}
