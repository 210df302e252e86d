#define _GNU_SOURCE /* wait4 */
#include "tests/bench/child.h"

#include "sim/base/clock.h"

#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(const char *const *words, const int ends[2]) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    execvp(words[0], (char *const *)(uintptr_t)words);
    _exit(127);
}

static void read_all(int from, Text *output) {
    char piece[4096];
    for (ssize_t n; (n = read(from, piece, sizeof piece)) > 0;)
        text_add(output, "%.*s", (int)n, piece);
}

bool child_run(const char *const *words, Child *child) {
    int ends[2], status;
    struct rusage used;
    double start = clock_wall();
    *child = (Child){0};
    if (pipe(ends) != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0)
        become(words, ends);
    close(ends[1]);
    if (pid > 0)
        read_all(ends[0], &child->output);
    close(ends[0]);
    if (pid < 0 || wait4(pid, &status, 0, &used) != pid)
        return false;
    child->wall_s = clock_wall() - start;
    child->max_mib = (double)used.ru_maxrss / 1024;
    child->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return child->code != 127;
}
