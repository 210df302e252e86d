/* superpose: the command line. Finds the command, owns the exit codes and the signals; everything
 * else is in sim/command/, one file a command. */
#include "sim/base/stop.h"
#include "sim/base/text.h"
#include "sim/base/version.h"
#include "sim/command/command.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const Command commands[] = {
    {"run", "trains every run of a config that is not stored yet, checks and draws it", command_run,
     &run_argp},
    {"check", "validates a config and says what it will cost; trains nothing", command_check,
     &check_argp},
    {"info", "says what a store holds", command_info, &info_argp},
    {"export", "hands results to other tools", command_export, &export_argp},
    {"figure", "draws from the store", command_figure, &figure_argp},
    {"view", "opens a window and trains in it", command_view, &view_argp},
    {"record", "makes a film of a training, without a window", command_record, &record_argp},
    {"trace", "writes all that replays a run's first steps elsewhere", command_trace, &trace_argp},
    {"list", "lists what there is: data, models, tasks, optimizers, metrics, …", command_list,
     &list_argp},
    {"help", "explains a command, or any name that `list` shows", command_help, &help_argp},
};
const int n_commands = sizeof commands / sizeof *commands;

static atomic_int stop; /* signal handlers can reach nothing else */

static void on_signal(int signal_number) {
    stop_take(&stop, signal_number);
}

/* superpose-render: beside this program, else on the PATH. */
static const char *find_render(Arena *arena) {
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n > 0) {
        self[n] = '\0';
        const char *beside = arena_print(arena, "%s-render", self);
        if (access(beside, X_OK) == 0)
            return beside;
    }
    const char *path = getenv("PATH");
    char *rest = arena_copy(arena, path ? path : "");
    for (char *folder; (folder = strtok_r(NULL, ":", &rest));) {
        const char *file = arena_print(arena, "%s/superpose-render", folder);
        if (access(file, X_OK) == 0)
            return file;
    }
    return NULL;
}

/* configs/ here, else where `make install` put it, else beside build/: the last two as seen from
 * the program. */
static const char *find_configs(Arena *arena) {
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = '\0';
    for (int up = 0; up < 2; up++) { /* the program's name, then bin/ or build/ */
        char *slash = strrchr(self, '/');
        if (slash)
            *slash = '\0';
    }
    const char *folders[] = {"configs", arena_print(arena, "%s/share/superpose/configs", self),
                             arena_print(arena, "%s/configs", self)};
    for (int i = 0; i < 3; i++)
        if (access(folders[i], R_OK) == 0)
            return folders[i];
    return folders[0];
}

static ExitCode unknown_command(const char *word) {
    const char *names[sizeof commands / sizeof *commands];
    for (int i = 0; i < n_commands; i++)
        names[i] = commands[i].name;
    const char *nearest = text_nearest(word, names, n_commands);
    if (nearest)
        return command_fail(EXIT_USAGE, "there is no command '%s'; did you mean '%s'?", word,
                            nearest);
    return command_fail(EXIT_USAGE, "there is no command '%s'; `superpose help` lists them", word);
}

static ExitCode dispatch(const Program *program, int argc, char **argv) {
    const char *word = argc > 1 ? argv[1] : "help";
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        puts("superpose " SUPERPOSE_VERSION);
        return EXIT_DONE;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "-?") == 0)
        return command_help(program, 1, argv);
    for (int i = 0; i < n_commands; i++)
        if (strcmp(word, commands[i].name) == 0) {
            char name[64];
            snprintf(name, sizeof name, "superpose %s", word);
            argv[1] = name; /* argp's messages begin with it */
            return commands[i].function(program, argc - 1, argv + 1);
        }
    return unknown_command(word);
}

int main(int argc, char **argv) {
    Arena arena = {0};
    argp_err_exit_status = EXIT_USAGE;
    stop_listen(on_signal, false);
    Program program = {
        .stop = &stop, .render = find_render(&arena), .configs = find_configs(&arena)};
    ExitCode code = argc > 1 ? dispatch(&program, argc, argv) : command_help(&program, 1, argv);
    arena_release(&arena);
    if (fflush(stdout) != 0 || ferror(stdout))
        code = command_fail(EXIT_FAILED, "cannot write to standard output");
    return (int)code;
}
