/* Touches: what the user asks of runs that train, on its way to the training thread, and what came
 * of it, on its way back. Both are short queues under one lock; neither thread waits for more than
 * a copy. */
#ifndef SUPERPOSE_RENDER_RUNS_TOUCHES_H
#define SUPERPOSE_RENDER_RUNS_TOUCHES_H

#include "render/runs/live.h"
#include "sim/experiment/touch.h"

#include <pthread.h>

/* What waits at most: touches, and answers to them and of a phase of every run and the guest. */
enum { MOST_TOUCHES = 32, MOST_TOUCHINGS = MOST_TOUCHES + LIVE_MOST_RUNS + 1, TOUCH_TEXT = 96 };

/* Asked: a setting's new value, unless the key is empty, and another end, unless that is 0. */
typedef struct Touch {
    int run;
    char key[TOUCH_TEXT], value[TOUCH_TEXT];
    int drag;
    int64_t n_steps;
} Touch;

/* Done: from this step on these settings hold. */
typedef struct Touching {
    Touch touch;
    int64_t step;
    Settings settings; /* what they point to lives as long as the run's Touched */
    Error error;       /* not empty: it could not be */
} Touching;

typedef struct Touches {
    pthread_mutex_t lock;
    Touch asked[MOST_TOUCHES];
    Touching done[MOST_TOUCHINGS];
    int n_asked, n_done;
} Touches;

/** Empty queues. */
void touches_init(Touches *touches);

/** Frees them. */
void touches_release(Touches *touches);

/** Adds one; a newer value of the same key of the same run takes the place of one that waits. False
 * where too many wait. */
bool touches_ask(Touches *touches, const Touch *touch);

/** The next one that was asked, while there is room for its answer. */
bool touches_next(Touches *touches, Touch *touch);

/** Whether something was asked and waits. */
bool touches_is_waiting(Touches *touches);

/** Drops all that is asked of a run, and all answers about it. */
void touches_forget(Touches *touches, int run);

/** Adds an answer, or what nobody asked for: that a phase of the run's own has begun. False where
 * there is no room: after touches_next there is. */
bool touches_answer(Touches *touches, const Touching *touching);

/** The next answer. */
bool touches_take(Touches *touches, Touching *touching);

#endif
