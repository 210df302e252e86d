#include "sim/command/progress.h"

#include "sim/base/clock.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct ProgressLine {
    const Progress *progress;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool is_ending, is_terminal;
    double started_at;
};

const char *progress_duration(char *buffer, double seconds) {
    if (!(seconds < 1e9))
        snprintf(buffer, 32, "a very long time");
    else if (seconds < 0.1)
        snprintf(buffer, 32, "%.1g s", seconds);
    else if (seconds < 10)
        snprintf(buffer, 32, "%.1f s", seconds);
    else if (seconds < 120)
        snprintf(buffer, 32, "%.0f s", seconds);
    else if (seconds < 7200)
        snprintf(buffer, 32, "%d min %d s", (int)seconds / 60, (int)seconds % 60);
    else
        snprintf(buffer, 32, "%.0f h %d min", floor(seconds / 3600), (int)fmod(seconds, 3600) / 60);
    return buffer;
}

static void show(const ProgressLine *line) {
    const Progress *progress = line->progress;
    double elapsed = clock_wall() - line->started_at;
    long long steps = atomic_load(&progress->steps), done = atomic_load(&progress->steps_done);
    long long runs_done = atomic_load(&progress->n_done),
              n_failed = atomic_load(&progress->n_failed);
    double best = atomic_load(&progress->best_loss),
           left = done > 0 ? elapsed * (double)(steps - done) / (double)done : (double)NAN;
    char text[256], duration[32];
    int n = snprintf(text, sizeof text, "%lld/%lld runs, %.3g runs/s, %.3g steps/s", runs_done,
                     (long long)atomic_load(&progress->n_runs), (double)runs_done / elapsed,
                     (double)done / elapsed);
    if (!isnan(left) && n > 0)
        n += snprintf(text + n, sizeof text - (size_t)n, ", %s left",
                      progress_duration(duration, left));
    if (!isnan(best) && n > 0)
        n += snprintf(text + n, sizeof text - (size_t)n, ", best loss %.4g", best);
    if (n_failed && n > 0)
        snprintf(text + n, sizeof text - (size_t)n, ", %lld failed", n_failed);
    fprintf(stderr, line->is_terminal ? "\r\033[K%s" : "%s\n", text);
    fflush(stderr);
}

static void *watch(void *argument) {
    ProgressLine *line = argument;
    double period = line->is_terminal ? 0.2 : 10;
    pthread_mutex_lock(&line->lock);
    while (!line->is_ending) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += (long)(fmod(period, 1) * 1e9);
        until.tv_sec += (time_t)period + until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (pthread_cond_timedwait(&line->ended, &line->lock, &until) != 0 && !line->is_ending)
            show(line);
    }
    pthread_mutex_unlock(&line->lock);
    return NULL;
}

ProgressLine *progress_start(const Progress *progress, bool quiet) {
    ProgressLine *line = quiet ? NULL : calloc(1, sizeof *line);
    if (!line)
        return NULL;
    *line = (ProgressLine){
        .progress = progress, .is_terminal = isatty(STDERR_FILENO), .started_at = clock_wall()};
    pthread_mutex_init(&line->lock, NULL);
    pthread_cond_init(&line->ended, NULL);
    if (pthread_create(&line->thread, NULL, watch, line) != 0) {
        free(line);
        return NULL;
    }
    return line;
}

void progress_stop(ProgressLine *line) {
    if (!line)
        return;
    pthread_mutex_lock(&line->lock);
    line->is_ending = true;
    pthread_cond_signal(&line->ended);
    pthread_mutex_unlock(&line->lock);
    pthread_join(line->thread, NULL);
    if (line->is_terminal)
        fputs("\r\033[K", stderr);
    pthread_cond_destroy(&line->ended);
    pthread_mutex_destroy(&line->lock);
    free(line);
}
