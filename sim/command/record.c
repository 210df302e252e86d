/* superpose record: hands a config to superpose-render, which makes a film of its training. */
#include "sim/command/handover.h"

enum { RUN = 256, SCENE, SECONDS, FPS, SIZE, SCALE, THEME, CONTROLS, QUIET };

static const struct argp_option options[] = {
    {NULL, 'o', "FILE", 0,
     "where to; its ending says how: .mp4, .gif or .webp (by ffmpeg), or DIR/ for numbered PNGs",
     0},
    {"run", RUN, "I", 0, "only this run of a sweep", 0},
    {NULL, 'j', "N", 0, "threads that train (default: all processors)", 0},
    {"scene", SCENE, "NAME", 0,
     "what is shown (default: the first with something to show; `superpose list scenes`)", 0},
    {"seconds", SECONDS, "S", 0,
     "how long the training takes in the film (default 20); 2 s more show the end", 0},
    {"fps", FPS, "N", 0, "frames a second (default 30, .gif 20, .webp 25)", 0},
    {"size", SIZE, "WxH", 0, "in pixels (default 1280x800, .gif and .webp 800x500)", 0},
    {"scale", SCALE, "X", 0, "how large everything on it is (default 1)", 0},
    {"theme", THEME, "light|dark", 0, "colours for a light or a dark ground", 0},
    {"with-controls", CONTROLS, NULL, 0, "the whole page as the window shows it", 0},
    {"quiet", QUIET, NULL, 0, "no progress", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    if (key == ARGP_KEY_END && !handover_has(state->input, 'o'))
        argp_error(state, "-o FILE.mp4, .gif, .webp or DIR/ is needed");
    return handover_parse(key, value, state);
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
    Handover handover = {.words = {.least = 1, .wanted = "a config or a store"},
                         .options = options};
    const char *const begin[] = {"record", NULL};
    Arena arena = {0};
    argp_parse(&record_argp, argc, argv, 0, NULL, &handover);
    ExitCode code = command_become_render(program, handover_line(&handover, begin, &arena));
    arena_release(&arena);
    return code;
}
