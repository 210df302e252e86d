#define _GNU_SOURCE /* posix_spawn file actions, environ */
#include "sim/command/command.h"

#include "sim/command/figures.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

ExitCode command_fail(ExitCode code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("superpose: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return code;
}

error_t words_take(Words *words, int key, char *value, struct argp_state *state) {
    int most = words->most ? words->most : MAX_WORDS;
    if (key == ARGP_KEY_END) {
        if (words->n < words->least)
            argp_error(state, "%s is needed", words->wanted);
        return 0;
    }
    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    if (words->n >= most)
        argp_error(state, "'%s' is one argument too many", value);
    else
        words->items[words->n++] = value;
    return 0;
}

error_t words_parse(int key, char *value, struct argp_state *state) {
    return words_take(state->input, key, value, state);
}

/* A store may have any name: x.db.bak, or what -o said. */
static bool is_database(const char *path) {
    char head[15];
    FILE *file = fopen(path, "rb");
    bool is_one = file && fread(head, sizeof head, 1, file) == 1 &&
                  memcmp(head, "SQLite format 3", sizeof head) == 0;
    if (file)
        fclose(file);
    return is_one;
}

bool command_say(const Problems *problems) {
    Text text = {0};
    problems_print(problems, &text);
    fputs(text_of(&text), stderr);
    text_release(&text);
    return problems->n > 0;
}

Experiment *command_load(const Program *program, const Words *words, Arena *arena) {
    Problems problems = {.arena = arena};
    if (is_database(words->items[0])) {
        command_fail(EXIT_USAGE,
                     "%s is a store, and a config is needed; `superpose info`, `export` and "
                     "`figure` take a store",
                     words->items[0]);
        return NULL;
    }
    Experiment *experiment =
        experiment_load(words->items[0], words->items + 1, words->n - 1, arena, &problems);
    if (experiment)
        figures_check(program, experiment, arena, &problems);
    return command_say(&problems) ? NULL : experiment;
}

long long command_integer(const char *text, const char *what, long long minimum, long long maximum,
                          struct argp_state *state) {
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno || end == text || *end || value < minimum || value > maximum)
        argp_error(state, "%s is '%s', but must be a whole number from %lld to %lld", what, text,
                   minimum, maximum);
    return value;
}

const char *command_store(const Program *program, const char *word, Arena *arena) {
    if (text_ends(word, ".db") || is_database(word))
        return word;
    Words words = {.items = {word}, .n = 1};
    Experiment *experiment = command_load(program, &words, arena);
    return experiment ? experiment_store_path(experiment, arena) : NULL;
}

static ExitCode find_render(const Program *program) {
    return program->render
               ? EXIT_DONE
               : command_fail(EXIT_FAILED,
                              "figures and the window need the program superpose-render beside "
                              "superpose or on the PATH; `make` builds it where Cairo, Pango and "
                              "SDL2 are installed");
}

/* Its command line, which ends in NULL. */
enum { MAX_ARGV = MAX_WORDS + 32 };
static void fill_argv(const Program *program, const char *const *arguments, char *argv[MAX_ARGV]) {
    int n = 0;
    argv[n++] = (char *)(uintptr_t)program->render; /* exec changes none of them */
    for (int i = 0; n < MAX_ARGV - 1 && arguments[i]; i++)
        argv[n++] = (char *)(uintptr_t)arguments[i];
    argv[n] = NULL;
}

ExitCode command_become_render(const Program *program, const char *const *arguments) {
    char *argv[MAX_ARGV];
    if (find_render(program) != EXIT_DONE)
        return EXIT_FAILED;
    fill_argv(program, arguments, argv);
    fflush(NULL);
    execv(program->render, argv);
    return command_fail(EXIT_FAILED, "cannot start %s: %s", program->render, strerror(errno));
}

ExitCode command_render(const Program *program, const char *const *arguments,
                        bool stdout_to_stderr) {
    char *argv[MAX_ARGV];
    if (find_render(program) != EXIT_DONE)
        return EXIT_FAILED;
    fill_argv(program, arguments, argv);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (stdout_to_stderr)
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    pid_t child;
    int problem = posix_spawn(&child, program->render, &actions, NULL, argv, environ), status = 0;
    posix_spawn_file_actions_destroy(&actions);
    if (problem)
        return command_fail(EXIT_FAILED, "cannot start %s: %s", program->render, strerror(problem));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status))
        return (ExitCode)WEXITSTATUS(status);
    return command_fail(EXIT_FAILED, "%s ended by signal %d", program->render, WTERMSIG(status));
}
