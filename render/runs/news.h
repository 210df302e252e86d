/* News: what a reading thread has found in a store, on its way to the drawing thread. The queue is
 * bounded: who reads faster than is drawn waits. */
#ifndef SUPERPOSE_RENDER_RUNS_NEWS_H
#define SUPERPOSE_RENDER_RUNS_NEWS_H

#include "render/scene/sweep.h"

typedef enum NewsKind {
    NEWS_RESULTS, /* data: Result [n], of any runs */
    NEWS_STATE,   /* of a watched run: state, step: done; data: why, a text */
    NEWS_MOMENT,  /* step, loss, learning_rate; data: its parameters */
    NEWS_READ,    /* all that is stored of the run has been told */
    NEWS_TROUBLE  /* data: a sentence for the user */
} NewsKind;

/* What a run of the sweep came to. */
typedef struct Result {
    int64_t number;
    SweepRun run;
} Result;

typedef struct News {
    NewsKind kind;
    int slot, turn; /* of a watched run: its place, and who has it (see reader_watch) */
    int64_t step;
    double loss, learning_rate;
    RunState state;
    int n;
    const void *data; /* lies behind the news */
    struct News *next;
    size_t n_bytes;
} News;

typedef struct NewsQueue NewsQueue;

/** NULL where memory is short. */
NewsQueue *news_open(void);

/** Frees it with what is in it; NULL is allowed. */
void news_close(NewsQueue *queue);

/** Posts a copy with its data of n_bytes, waiting for room; false: it is stopped, or memory is
 * short. */
bool news_post(NewsQueue *queue, const News *news, const void *data, size_t n_bytes);

/** The oldest news, which news_free frees; NULL: there is none. */
News *news_take(NewsQueue *queue);
void news_free(News *news);

/** Whether it takes more than its bound: who takes the news waits for who posts them. */
void news_let(NewsQueue *queue, bool is_open);

/** Nobody waits any more, nor posts. */
void news_stop(NewsQueue *queue);

#endif
