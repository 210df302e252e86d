/* The thread goes through what there is to read by small units, the preferred run first, then
 * results, then the other runs, and looks between two of them whether something else is wanted. */
#include "render/runs/reader.h"

#include "render/runs/reading.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { RESULTS = 256, LOOK_MS = 500 };

/* What is watched in a slot; under the lock. */
typedef struct Slot {
    int64_t number; /* -1: nothing */
    int turn, most;
} Slot;

/* How far a slot has been read. */
typedef struct Progress {
    int turn;
    int64_t id, told; /* the stored run, 0: none; its last snapshot that was told, -1: none */
    bool is_read;     /* also where it is not stored yet */
} Progress;

/* What is known of a run of the sweep. */
typedef struct Known {
    StoredRun run;    /* id 0: not stored */
    bool has_details; /* norm and interference have been told */
} Known;

struct Reader {
    Arena arena;
    Store *store;
    const Experiment *experiment;
    NewsQueue *news;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock;
    pthread_cond_t wake, let_go;
    Slot *slots; /* [n_slots] */
    int n_slots, preferred;
    bool is_done;    /* under the lock */
    bool is_ordered; /* something was asked for since it was */
    bool has_let_go; /* of the file, because it is held; under the lock */
    atomic_bool is_held, is_closing;
    /* the thread's own */
    Progress *progress;  /* [n_slots] */
    Known *known;        /* [n_runs] */
    int64_t n_details;   /* runs before this one have their details */
    bool has_complained; /* that the store cannot be read */
};

/* ---- telling ---- */

static bool tell_trouble(Reader *reader, const char *text) {
    News news = {.kind = NEWS_TROUBLE};
    return news_post(reader->news, &news, text, strlen(text) + 1);
}

static bool tell_results(Reader *reader, const Result *results, int n) {
    News news = {.kind = NEWS_RESULTS, .n = n};
    return !n || news_post(reader->news, &news, results, (size_t)n * sizeof *results);
}

/* ---- results of all runs ---- */

static bool is_other(const StoredRun *a, const StoredRun *b) {
    bool same_loss = a->loss == b->loss || (isnan(a->loss) && isnan(b->loss));
    return a->id != b->id || a->status != b->status || a->steps != b->steps || !same_loss;
}

/* Takes the list of runs, and tells at once of those that are new what the list itself says. */
static bool take_runs(Reader *reader, const StoredRun *runs, int64_t n) {
    Result results[RESULTS];
    int n_results = 0;
    bool goes_on = true;
    for (int64_t i = 0; i < n && goes_on; i++) {
        int64_t number = runs[i].number;
        if (number < 0 || number >= reader->experiment->n_runs ||
            !is_other(&runs[i], &reader->known[number].run))
            continue;
        reader->known[number] = (Known){.run = runs[i]};
        if (number < reader->n_details)
            reader->n_details = number;
        results[n_results++] =
            (Result){number, {reading_state(&runs[i]), runs[i].loss, (double)NAN, (double)NAN}};
        if (n_results == RESULTS) {
            goes_on = tell_results(reader, results, n_results);
            n_results = 0;
        }
    }
    return goes_on && tell_results(reader, results, n_results);
}

static bool look(Reader *reader, Error *error) {
    Arena scratch = {0};
    StoredRun *runs;
    int64_t n;
    pthread_mutex_lock(&reader->lock);
    reader->is_done = false;
    pthread_mutex_unlock(&reader->lock);
    bool good = store_runs(reader->store, &scratch, &runs, &n, error);
    if (good)
        take_runs(reader, runs, n);
    arena_release(&scratch);
    return good;
}

/* Of some runs what takes longer to read; false: all have been told. */
static bool read_some_details(Reader *reader) {
    Result results[RESULTS];
    Error error = {0};
    int n = 0;
    int64_t number = reader->n_details;
    for (; number < reader->experiment->n_runs && n < RESULTS; number++) {
        Known *known = &reader->known[number];
        if (known->has_details || reading_state(&known->run) != STATE_DONE)
            continue;
        known->has_details = true;
        if (reading_result(reader->store, reader->experiment, &known->run, &results[n], &error))
            n++;
        else
            tell_trouble(reader, error.text);
    }
    reader->n_details = number;
    tell_results(reader, results, n);
    return number < reader->experiment->n_runs;
}

/* Whether the slot is still watched as it was when the reading began. */
static bool is_wanted(void *context, const Reading *reading) {
    Reader *reader = context;
    pthread_mutex_lock(&reader->lock);
    bool is_same = reader->slots[reading->head.slot].turn == reading->head.turn;
    pthread_mutex_unlock(&reader->lock);
    return is_same && !atomic_load(&reader->is_closing);
}

static void read_run(Reader *reader, int at, const Slot *slot) {
    Error error = {0};
    Progress *progress = &reader->progress[at];
    if (progress->turn != slot->turn)
        *progress = (Progress){.turn = slot->turn, .told = -1};
    Reading reading = {.store = reader->store,
                       .experiment = reader->experiment,
                       .run = reader->known[slot->number].run,
                       .news = reader->news,
                       .head = {.slot = at, .turn = slot->turn},
                       .most = slot->most,
                       .told = progress->told,
                       .is_wanted = is_wanted,
                       .context = reader};
    if (!reading_tell(&reading, &error))
        tell_trouble(reader, error.text);
    *progress = (Progress){slot->turn, reading.run.id, reading.told, true};
}

static bool has_more(const Reader *reader, int at) {
    const Slot *slot = &reader->slots[at];
    const Progress *progress = &reader->progress[at];
    return slot->number >= 0 && (progress->turn != slot->turn || !progress->is_read ||
                                 progress->id != reader->known[slot->number].run.id);
}

/* Reads a run that has more: the preferred one, or else the first; false: none has. */
static bool read_next_run(Reader *reader, bool only_preferred) {
    Slot slot = {.number = -1};
    int at = -1;
    pthread_mutex_lock(&reader->lock);
    if (reader->n_slots && has_more(reader, reader->preferred))
        at = reader->preferred;
    for (int i = 0; at < 0 && !only_preferred && i < reader->n_slots; i++)
        if (has_more(reader, i))
            at = i;
    if (at >= 0)
        slot = reader->slots[at];
    pthread_mutex_unlock(&reader->lock);
    if (at >= 0)
        read_run(reader, at, &slot);
    return at >= 0;
}

/* ---- the thread ---- */

static bool may_read(Reader *reader) {
    return !atomic_load(&reader->is_closing) && !atomic_load(&reader->is_held);
}

static void read_all(Reader *reader) {
    bool has_work = true;
    while (has_work && may_read(reader))
        has_work = read_next_run(reader, true) || read_some_details(reader) ||
                   read_next_run(reader, false);
}

/* As long as somebody else wants the file; under the lock. */
static void wait_while_held(Reader *reader) {
    while (atomic_load(&reader->is_held) && !atomic_load(&reader->is_closing)) {
        reader->has_let_go = true;
        pthread_cond_broadcast(&reader->let_go);
        pthread_cond_wait(&reader->wake, &reader->lock);
    }
    reader->has_let_go = false;
}

/* Until the next look, or somebody wants something. */
static void rest(Reader *reader) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&reader->lock);
    reader->is_done = !reader->is_ordered;
    wait_while_held(reader);
    while (!reader->is_ordered && may_read(reader))
        if (pthread_cond_timedwait(&reader->wake, &reader->lock, &until))
            break;
    reader->is_ordered = false;
    pthread_mutex_unlock(&reader->lock);
}

/* The same trouble at every look is told once. */
static void complain(Reader *reader, const Error *error) {
    if (!reader->has_complained)
        tell_trouble(reader, error->text);
    reader->has_complained = true;
}

/* Takes the file up again; false: not now. */
static bool take_up(Reader *reader, bool *is_new) {
    Error error = {0};
    if (atomic_load(&reader->is_held))
        return false;
    if (store_resume(reader->store, is_new, &error))
        return true;
    complain(reader, &error);
    return false;
}

static void *read_store(void *context) {
    Reader *reader = context;
    bool is_new = true;
    Error error = {0};
    while (!atomic_load(&reader->is_closing)) {
        bool has_failed = is_new && !look(reader, &error);
        if (has_failed)
            complain(reader, &error);
        else if (is_new)
            reader->has_complained = false;
        read_all(reader);
        if (!store_pause(reader->store, &error))
            complain(reader, &error);
        do {
            rest(reader);
        } while (!atomic_load(&reader->is_closing) && !take_up(reader, &is_new));
        is_new |= has_failed;
    }
    return NULL;
}

/* ---- from outside ---- */

static bool start(Reader *reader, Error *error) {
    pthread_condattr_t clock;
    pthread_mutex_init(&reader->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&reader->wake, &clock);
    pthread_cond_init(&reader->let_go, NULL);
    pthread_condattr_destroy(&clock);
    reader->news = news_open();
    reader->has_thread =
        reader->news && pthread_create(&reader->thread, NULL, read_store, reader) == 0;
    return reader->has_thread || error_set(error, "no thread to read the store");
}

bool reader_open(Reader **out, const ReaderOptions *options, Error *error) {
    Arena arena = {0};
    Reader *reader = ARENA_NEW(&arena, Reader, 1);
    reader->arena = arena;
    reader->store = options->store;
    reader->experiment = options->experiment;
    reader->n_slots = options->n_slots;
    reader->slots = ARENA_NEW(&reader->arena, Slot, options->n_slots);
    reader->progress = ARENA_NEW(&reader->arena, Progress, options->n_slots);
    reader->known = ARENA_NEW(&reader->arena, Known, options->experiment->n_runs);
    for (int i = 0; i < reader->n_slots; i++)
        reader->slots[i].number = -1;
    *out = reader;
    if (start(reader, error))
        return true;
    reader_close(reader);
    *out = NULL;
    return false;
}

void reader_close(Reader *reader) {
    Error ignored; /* it only read */
    if (!reader)
        return;
    pthread_mutex_lock(&reader->lock);
    atomic_store(&reader->is_closing, true);
    pthread_cond_signal(&reader->wake);
    pthread_mutex_unlock(&reader->lock);
    if (reader->news)
        news_stop(reader->news);
    if (reader->has_thread)
        pthread_join(reader->thread, NULL);
    news_close(reader->news);
    store_close(reader->store, &ignored);
    pthread_cond_destroy(&reader->let_go);
    pthread_cond_destroy(&reader->wake);
    pthread_mutex_destroy(&reader->lock);
    Arena arena = reader->arena; /* which it lies in */
    arena_release(&arena);
}

/* Under the lock. */
static void order(Reader *reader) {
    reader->is_ordered = true;
    reader->is_done = false;
    pthread_cond_signal(&reader->wake);
}

int reader_watch(Reader *reader, int slot, int64_t number, int most) {
    pthread_mutex_lock(&reader->lock);
    int turn = reader->slots[slot].turn + 1;
    reader->slots[slot] = (Slot){number, turn, most};
    order(reader);
    pthread_mutex_unlock(&reader->lock);
    return turn;
}

void reader_hold(Reader *reader) {
    news_let(reader->news, true);
    pthread_mutex_lock(&reader->lock);
    atomic_store(&reader->is_held, true);
    pthread_cond_signal(&reader->wake);
    while (!reader->has_let_go)
        pthread_cond_wait(&reader->let_go, &reader->lock);
    pthread_mutex_unlock(&reader->lock);
    news_let(reader->news, false);
}

void reader_go_on(Reader *reader) {
    pthread_mutex_lock(&reader->lock);
    atomic_store(&reader->is_held, false);
    pthread_cond_signal(&reader->wake);
    pthread_mutex_unlock(&reader->lock);
}

void reader_prefer(Reader *reader, int slot) {
    pthread_mutex_lock(&reader->lock);
    reader->preferred = slot;
    pthread_mutex_unlock(&reader->lock);
}

News *reader_take(Reader *reader) {
    return news_take(reader->news);
}

bool reader_is_done(Reader *reader) {
    pthread_mutex_lock(&reader->lock);
    bool is_done = reader->is_done;
    pthread_mutex_unlock(&reader->lock);
    return is_done;
}
