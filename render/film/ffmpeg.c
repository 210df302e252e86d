#define _GNU_SOURCE /* pipe2, environ */
#include "render/film/ffmpeg.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_ARGUMENTS = 64 };

/* Its own group, so that a terminal's Ctrl-C ends the film and not the file; signals as a program
 * finds them, whatever our threads have blocked. */
static int spawn(Ffmpeg *ffmpeg, int input, char *const *argv) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, pipe_signal;
    sigemptyset(&none);
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (ffmpeg->said)
        posix_spawn_file_actions_adddup2(&actions, fileno(ffmpeg->said), STDERR_FILENO);
    else
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
    int problem = posix_spawnp(&ffmpeg->child, argv[0], &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return problem;
}

static void forget(Ffmpeg *ffmpeg) {
    if (ffmpeg->said)
        fclose(ffmpeg->said);
    *ffmpeg = (Ffmpeg){0};
}

bool ffmpeg_open(Ffmpeg *ffmpeg, const char *const *arguments, Error *error) {
    /* without -xerror a film that is cut off by a full disk is none of its errors */
    static const char *const always[] = {"ffmpeg", "-hide_banner", "-loglevel",
                                         "error",  "-xerror",      "-y"};
    char *argv[MAX_ARGUMENTS + 1] = {0};
    int n = 0, ends[2];
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        argv[n++] = (char *)(uintptr_t)always[i];
    for (; *arguments && n < MAX_ARGUMENTS; arguments++)
        argv[n++] = (char *)(uintptr_t)*arguments;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(error, "no pipe to ffmpeg: %s", strerror(errno));
    *ffmpeg = (Ffmpeg){.input = ends[1], .said = tmpfile()};
    int problem = spawn(ffmpeg, ends[0], argv);
    close(ends[0]);
    if (!problem)
        return true;
    close(ends[1]);
    forget(ffmpeg);
    if (problem == ENOENT)
        return error_set(error, "ffmpeg is not installed");
    return error_set(error, "ffmpeg cannot be started: %s", strerror(problem));
}

bool ffmpeg_write(const Ffmpeg *ffmpeg, const void *bytes, size_t n) {
    const char *from = bytes;
    while (n) {
        ssize_t written = write(ffmpeg->input, from, n);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            from += written;
            n -= (size_t)written;
        }
    }
    return true;
}

/* The last line it said, but for those in which it only sums up; "" where there is none. */
static const char *last_line(FILE *said, char *line, size_t n) {
    char one[512];
    line[0] = 0;
    if (!said)
        return line;
    rewind(said);
    while (fgets(one, sizeof one, said)) {
        one[strcspn(one, "\r\n")] = 0;
        if (one[0] && strcmp(one, "Conversion failed!") != 0 && !strstr(one, "Last message repeat"))
            snprintf(line, n, "%s", one);
    }
    return line;
}

/* Where it is the disk that has no room the line is about a file of a passing name. */
static const char *lack_of_room(const char *line) {
    const int lacks[] = {ENOSPC, EDQUOT, EFBIG};
    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++)
        if (strstr(line, strerror(lacks[i])))
            return strerror(lacks[i]);
    return NULL;
}

bool ffmpeg_close(Ffmpeg *ffmpeg, Error *error) {
    char line[512];
    int status = 0;
    pid_t ended;
    if (!ffmpeg->child)
        return true;
    close(ffmpeg->input);
    while ((ended = waitpid(ffmpeg->child, &status, 0)) < 0 && errno == EINTR)
        ;
    bool ok = ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!ok) {
        const char *lack = lack_of_room(last_line(ffmpeg->said, line, sizeof line));
        if (lack)
            error_set(error, "cannot be written: %s", lack);
        else if (line[0])
            error_set(error, "ffmpeg failed: %s", line);
        else if (WIFSIGNALED(status))
            error_set(error, "ffmpeg was ended by signal %d (%s)", WTERMSIG(status),
                      strsignal(WTERMSIG(status)));
        else
            error_set(error, "ffmpeg failed with exit code %d", WEXITSTATUS(status));
    }
    forget(ffmpeg);
    return ok;
}
