#include "render/runs/follow.h"

#include "render/runs/survey.h"
#include "sim/base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* A frame of 16 ms has room for it. */
static const double COLLECT_SECONDS = 0.002;
static const struct timespec MOMENT = {.tv_nsec = 1000000};

typedef struct FollowRun {
    int turn; /* of news that are of this run */
    Run run;
    int64_t n_steps;
    bool is_read;
    History *history;
    Arena arena; /* settings and worlds of the history */
} FollowRun;

struct Follow {
    Arena arena;
    FollowOptions options;
    FollowRun *runs; /* [n_slots] */
    Reader *reader;
    Error trouble; /* that follow_collect is to tell */
};

/* ---- opening ---- */

bool follow_is_store(const char *path) {
    static const char magic[] = "SQLite format 3";
    char head[sizeof magic];
    FILE *file = fopen(path, "rb");
    bool is_store = file && fread(head, 1, sizeof head, file) == sizeof head &&
                    memcmp(head, magic, sizeof magic) == 0;
    is_store |= file && text_ends(path, ".db"); /* it is told what is wrong with it */
    if (file)
        fclose(file);
    return is_store;
}

/* Its files lie where they lay when it was run; or beside the store, which may have moved. */
static Experiment *read_config(Store *store, const char *path, const char *config, Arena *arena,
                               Problems *problems) {
    const char *folder = store_fact(store, "folder", arena);
    const char *beside = folder && *folder ? arena_print(arena, "%s/config", folder) : path;
    Problems others = {.arena = problems->arena};
    size_t n = strlen(config);
    Experiment *experiment = experiment_parse_stored(path, beside, config, n, arena, &others);
    if (!experiment)
        experiment = experiment_parse_stored(path, path, config, n, arena, problems);
    if (!experiment)
        *problems = others;
    return experiment;
}

Experiment *follow_experiment(const char *path, Store **store, Arena *arena, Problems *problems) {
    Error error = {0};
    Place place = {.file = arena_copy(problems->arena, path)};
    if (!store_open(store, path, STORE_READ, &error)) {
        size_t n = strlen(path); /* which the sentence begins with, as the place does */
        bool has_path = strncmp(error.text, path, n) == 0 && error.text[n] == ':';
        problem_add(problems, place, "%s", error.text + (has_path ? n + 2 : 0));
        return NULL;
    }
    const char *config = store_fact(*store, "config", arena);
    Experiment *experiment = config ? read_config(*store, path, config, arena, problems) : NULL;
    if (!config)
        problem_add(problems, place, "the store has no config yet: nothing was run into it");
    if (!experiment)
        store_close(*store, &error);
    return experiment;
}

bool follow_open(Follow **out, const FollowOptions *options, Error *error) {
    Arena arena = {0};
    Follow *follow = ARENA_NEW(&arena, Follow, 1);
    follow->arena = arena;
    follow->options = *options;
    follow->runs = ARENA_NEW(&follow->arena, FollowRun, options->n_slots);
    ReaderOptions reader = {options->store, options->experiment, options->n_slots};
    *out = follow;
    if (reader_open(&follow->reader, &reader, error))
        return true;
    follow_close(follow);
    *out = NULL;
    return false;
}

static void drop(FollowRun *run) {
    history_close(run->history);
    arena_release(&run->arena);
    *run = (FollowRun){0};
}

void follow_close(Follow *follow) {
    if (!follow)
        return;
    reader_close(follow->reader);
    for (int i = 0; i < follow->options.n_slots; i++)
        drop(&follow->runs[i]);
    Arena arena = follow->arena; /* which it lies in */
    arena_release(&arena);
}

static bool add_worlds(const Follow *follow, FollowRun *run, Error *error) {
    for (int i = 0; i < run->run.n_phases; i++) {
        const Phase *phases = run->run.phases, *phase = &phases[i];
        World world;
        if (!survey_world(follow->options.experiment, phase->step, phase->settings,
                          follow->options.isa, &run->arena, &world, error))
            return false;
        history_add_world(run->history, &world);
        if (i > 0)
            history_add_mark(run->history, phase->step, TIME_CHANGE,
                             survey_change(phases[i - 1].settings, phase->settings, &run->arena));
    }
    return true;
}

bool follow_watch(Follow *follow, int slot, int64_t number, const char *name, Error *error) {
    const FollowOptions *options = &follow->options;
    FollowRun *run = &follow->runs[slot];
    drop(run);
    run->run = experiment_run(options->experiment, number, &run->arena);
    const Settings *first = run->run.phases[0].settings;
    Data data;
    data_describe(&data, &first->data);
    if (!history_open(&run->history, name, &first->model, data.n_features,
                      options->most_bytes / (size_t)options->n_slots, error) ||
        !add_worlds(follow, run, error))
        return false;
    run->n_steps = first->train.steps;
    run->turn = reader_watch(follow->reader, slot, number, history_capacity(run->history));
    return true;
}

/* ---- what is known ---- */

History *follow_history(const Follow *follow, int slot) {
    return follow->runs[slot].history;
}

const Run *follow_run(const Follow *follow, int slot) {
    return &follow->runs[slot].run;
}

int64_t follow_n_steps(const Follow *follow, int slot) {
    return follow->runs[slot].n_steps;
}

bool follow_is_read(const Follow *follow, int slot) {
    return follow->runs[slot].is_read;
}

void follow_prefer(Follow *follow, int slot) {
    reader_prefer(follow->reader, slot);
}

void follow_hold(Follow *follow) {
    reader_hold(follow->reader);
}

void follow_go_on(Follow *follow) {
    reader_go_on(follow->reader);
}

static void count(SweepMap *map, RunState state, int by) {
    map->n_done += state == STATE_DONE ? by : 0;
    map->n_failed += state == STATE_FAILED ? by : 0;
}

static void take_results(SweepMap *map, const Result *results, int n) {
    for (int i = 0; i < n; i++) {
        SweepRun *run = &map->runs[results[i].number];
        count(map, run->state, -1);
        *run = results[i].run;
        count(map, run->state, 1);
    }
}

static void take_state(FollowRun *run, const News *news) {
    history_set_state(run->history, news->state, news->data);
    if (news->step)
        run->n_steps = news->step;
    run->is_read = false;
}

static bool take(Follow *follow, const News *news, Error *error) {
    if (news->kind == NEWS_RESULTS) { /* of no slot; there may be none */
        take_results(follow->options.map, news->data, news->n);
        return true;
    }
    if (news->kind == NEWS_TROUBLE)
        return error_set(error, "%s", (const char *)news->data);
    FollowRun *run = &follow->runs[news->slot];
    if (news->turn != run->turn) /* of who was watched there before */
        return true;
    if (news->kind == NEWS_STATE)
        take_state(run, news);
    else if (news->kind == NEWS_READ)
        run->is_read = true;
    else if (news->kind == NEWS_MOMENT)
        return history_add(run->history, news->step, news->loss, news->learning_rate, news->data,
                           error);
    return true;
}

bool follow_collect(Follow *follow, bool *is_new, Error *error) {
    double begun = clock_wall();
    *is_new = false;
    if (follow->trouble.text[0]) {
        *error = follow->trouble;
        follow->trouble = (Error){0};
        return false;
    }
    bool good = true;
    News *news;
    while (good && clock_wall() - begun < COLLECT_SECONDS && (news = reader_take(follow->reader))) {
        good = take(follow, news, error);
        *is_new = true;
        news_free(news);
    }
    return good;
}

void follow_await(Follow *follow, int slot, double seconds) {
    double begun = clock_wall();
    int n = 0;
    bool is_new, is_good = true;
    while (is_good && !n && !follow_is_read(follow, slot) && clock_wall() - begun < seconds) {
        Error error = {0};
        is_good = follow_collect(follow, &is_new, &error);
        if (!is_good)
            follow->trouble = error;
        else if (!is_new)
            nanosleep(&MOMENT, NULL);
        history_moments(follow_history(follow, slot), &n);
    }
}

bool follow_wait(Follow *follow, Error *error) {
    for (;;) {
        bool is_done = reader_is_done(follow->reader), is_new;
        if (!follow_collect(follow, &is_new, error))
            return false;
        if (is_done && !is_new)
            return true;
        if (!is_new)
            nanosleep(&MOMENT, NULL);
    }
}
