/* superpose record: hands a config to superpose-render, which makes a film of its training. */
#include "sim/command/command.h"

enum { RUN, THREADS, OUTPUT, SCENE, SECONDS, FPS, SIZE, SCALE, THEME, CONTROLS, QUIET, N_OPTIONS };

typedef struct Arguments {
    Words words;
    const char *values[N_OPTIONS]; /* NULL: not given */
} Arguments;

/* What superpose-render calls them. */
static const char *const names[N_OPTIONS] = {
    [RUN] = "--run",         [THREADS] = "-j",
    [OUTPUT] = "-o",         [SCENE] = "--scene",
    [SECONDS] = "--seconds", [FPS] = "--fps",
    [SIZE] = "--size",       [SCALE] = "--scale",
    [THEME] = "--theme",     [CONTROLS] = "--with-controls",
    [QUIET] = "--quiet"};

enum { KEYS = 256 }; /* an option's key is KEYS + its place in `names`, or a letter */

static const struct argp_option options[] = {
    {NULL, 'o', "FILE", 0,
     "where to; its ending says how: .mp4, .gif or .webp (by ffmpeg), or DIR/ for numbered PNGs",
     0},
    {"run", KEYS + RUN, "I", 0, "only this run of a sweep", 0},
    {NULL, 'j', "N", 0, "threads that train (default: all processors)", 0},
    {"scene", KEYS + SCENE, "NAME", 0,
     "what is shown (default: the first with something to show; `superpose list scenes`)", 0},
    {"seconds", KEYS + SECONDS, "S", 0,
     "how long the training takes in the film (default 20); 2 s more show the end", 0},
    {"fps", KEYS + FPS, "N", 0, "frames a second (default 30, .gif 20, .webp 25)", 0},
    {"size", KEYS + SIZE, "WxH", 0, "in pixels (default 1280x800, .gif and .webp 800x500)", 0},
    {"scale", KEYS + SCALE, "X", 0, "how large everything on it is (default 1)", 0},
    {"theme", KEYS + THEME, "light|dark", 0, "colours for a light or a dark ground", 0},
    {"with-controls", KEYS + CONTROLS, NULL, 0, "the whole page as the window shows it", 0},
    {"quiet", KEYS + QUIET, NULL, 0, "no progress", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    Arguments *arguments = state->input;
    int option = key == 'o' ? OUTPUT : key == 'j' ? THREADS : key - KEYS;
    if (key == ARGP_KEY_END && !arguments->values[OUTPUT])
        argp_error(state, "-o FILE.mp4, .gif, .webp or DIR/ is needed");
    if (option < 0 || option >= N_OPTIONS)
        return words_take(&arguments->words, key, value, state);
    arguments->values[option] = value ? value : "";
    return 0;
}

const struct argp record_argp = {options,
                                 parse,
                                 "CONFIG|STORE -o FILE.mp4|gif|webp|DIR/ [KEY=VALUE …]",
                                 "Trains the runs of a config into a film, without a window, or "
                                 "films what a store has kept: the "
                                 "same frames on any machine and with any number of threads. Ended "
                                 "by Ctrl-C, or where all runs have failed, it keeps the frames "
                                 "there are. Without ffmpeg the "
                                 "frames become PNGs in a folder beside the file.",
                                 NULL,
                                 NULL,
                                 NULL};

ExitCode command_record(const Program *program, int argc, char **argv) {
    Arguments arguments = {.words = {.least = 1, .wanted = "a config or a store"}};
    argp_parse(&record_argp, argc, argv, 0, NULL, &arguments);
    const char *words[MAX_WORDS + 2 * N_OPTIONS + 2] = {"record"};
    int n = 1;
    for (int i = 0; i < N_OPTIONS; i++) {
        const char *value = arguments.values[i];
        if (value)
            words[n++] = names[i];
        if (value && i != CONTROLS && i != QUIET)
            words[n++] = value;
    }
    for (int i = 0; i < arguments.words.n; i++)
        words[n++] = arguments.words.items[i];
    return command_become_render(program, words);
}
