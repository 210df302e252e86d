#include "render/runs/touches.h"

#include <string.h>

void touches_init(Touches *touches) {
    pthread_mutex_init(&touches->lock, NULL);
    touches->n_asked = touches->n_done = 0;
}

void touches_release(Touches *touches) {
    pthread_mutex_destroy(&touches->lock);
}

static bool is_same(const Touch *a, const Touch *b) {
    return a->run == b->run && strcmp(a->key, b->key) == 0;
}

bool touches_ask(Touches *touches, const Touch *touch) {
    pthread_mutex_lock(&touches->lock);
    int i = 0;
    while (i < touches->n_asked && !is_same(&touches->asked[i], touch))
        i++;
    bool fits = i < MOST_TOUCHES;
    if (fits)
        touches->asked[i] = *touch;
    if (fits && i == touches->n_asked)
        touches->n_asked++;
    pthread_mutex_unlock(&touches->lock);
    return fits;
}

bool touches_next(Touches *touches, Touch *touch) {
    pthread_mutex_lock(&touches->lock);
    bool has = touches->n_asked > 0 && touches->n_done < MOST_TOUCHINGS;
    if (has) {
        *touch = touches->asked[0];
        touches->n_asked--;
        memmove(touches->asked, touches->asked + 1,
                (size_t)touches->n_asked * sizeof *touches->asked);
    }
    pthread_mutex_unlock(&touches->lock);
    return has;
}

bool touches_is_waiting(Touches *touches) {
    pthread_mutex_lock(&touches->lock);
    bool is_waiting = touches->n_asked > 0;
    pthread_mutex_unlock(&touches->lock);
    return is_waiting;
}

void touches_forget(Touches *touches, int run) {
    int n_asked = 0, n_done = 0;
    pthread_mutex_lock(&touches->lock);
    for (int i = 0; i < touches->n_asked; i++)
        if (touches->asked[i].run != run)
            touches->asked[n_asked++] = touches->asked[i];
    for (int i = 0; i < touches->n_done; i++)
        if (touches->done[i].touch.run != run)
            touches->done[n_done++] = touches->done[i];
    touches->n_asked = n_asked;
    touches->n_done = n_done;
    pthread_mutex_unlock(&touches->lock);
}

bool touches_answer(Touches *touches, const Touching *touching) {
    pthread_mutex_lock(&touches->lock);
    bool fits = touches->n_done < MOST_TOUCHINGS;
    if (fits)
        touches->done[touches->n_done++] = *touching;
    pthread_mutex_unlock(&touches->lock);
    return fits;
}

bool touches_take(Touches *touches, Touching *touching) {
    pthread_mutex_lock(&touches->lock);
    bool has = touches->n_done > 0;
    if (has) {
        *touching = touches->done[0];
        touches->n_done--;
        memmove(touches->done, touches->done + 1, (size_t)touches->n_done * sizeof *touches->done);
    }
    pthread_mutex_unlock(&touches->lock);
    return has;
}
