/* superpose check: validates a config, prints it resolved, and says what it will cost. */
#include "sim/command/command.h"
#include "sim/command/progress.h"
#include "sim/experiment/cost.h"

#include <math.h>
#include <stdio.h>

const struct argp check_argp = {
    NULL,
    words_parse,
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

ExitCode command_check(const Program *program, int argc, char **argv) {
    Words words = {.least = 1, .wanted = "a config"};
    Arena arena = {0};
    argp_parse(&check_argp, argc, argv, 0, NULL, &words);
    Experiment *experiment = command_load(program, &words, &arena);
    ExitCode code = EXIT_USAGE;
    if (experiment) {
        Text text = {0};
        char duration[32];
        experiment_print(experiment, &text);
        fputs(text_of(&text), stdout);
        text_release(&text);
        printf("# runs: %lld (points %lld x restarts %lld)\n", (long long)experiment->n_runs,
               (long long)experiment->n_points, (long long)experiment->restarts);
        printf("# expected cost: about %s of one processor; %.3g MB for the largest run\n",
               progress_duration(duration, cost_experiment(experiment, &cost_rates)),
               most_bytes(experiment) / 1e6);
        printf("# store: %s\n", experiment_store_path(experiment, &arena));
        if (experiment->figures && experiment->figures->n && !program->render)
            fputs("superpose: superpose-render is not here: the kinds of figures are not checked\n",
                  stderr);
        code = EXIT_DONE;
    }
    arena_release(&arena);
    return code;
}
