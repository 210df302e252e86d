/* Reader: a thread that reads a store for the viewer: what every run came to, and the snapshots of
 * those that are watched; then looks twice a second whether another process has written more. What
 * it finds goes into a NewsQueue.
 *
 * Between two looks it lets go of the file, and it only ever reads: a writer does not notice. */
#ifndef SUPERPOSE_RENDER_RUNS_READER_H
#define SUPERPOSE_RENDER_RUNS_READER_H

#include "render/runs/news.h"
#include "sim/experiment/experiment.h"
#include "sim/store/store.h"

typedef struct Reader Reader;

typedef struct ReaderOptions {
    Store *store;                 /* open for reading: the reader's from now on */
    const Experiment *experiment; /* the store's */
    int n_slots;                  /* runs that can be watched at a time; 0: only results are read */
} ReaderOptions;

/** Starts the thread. Where that fails the store is closed. */
bool reader_open(Reader **reader, const ReaderOptions *options, Error *error);

/** Ends it and closes the store; NULL is allowed. */
void reader_close(Reader *reader);

/** Watches a run in a slot, instead of what was watched there; news of it bear the turn that is
 * returned. Of its snapshots at most `most` are read, evenly spread. */
int reader_watch(Reader *reader, int slot, int64_t number, int most);

/** Reads the run in this slot before others. */
void reader_prefer(Reader *reader, int slot);

/** The oldest news, to be freed with news_free; NULL: there is none. */
News *reader_take(Reader *reader);

/** Lets go of the file, and returns when it has, so that who writes it can leave one plain file;
 * nothing is read until reader_go_on. What is being read meanwhile is finished, however many news
 * that makes; who holds may be the one that takes them. */
void reader_hold(Reader *reader);
void reader_go_on(Reader *reader);

/** Whether all that is stored has been read. */
bool reader_is_done(Reader *reader);

#endif
