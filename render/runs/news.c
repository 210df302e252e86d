#include "render/runs/news.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const size_t most_bytes = (size_t)64 << 20;

struct NewsQueue {
    pthread_mutex_t lock;
    pthread_cond_t room;
    News *first, *last;
    size_t n_bytes;
    bool is_stopped, is_open; /* it takes more than most_bytes */
};

NewsQueue *news_open(void) {
    NewsQueue *queue = calloc(1, sizeof *queue);
    if (queue) {
        pthread_mutex_init(&queue->lock, NULL);
        pthread_cond_init(&queue->room, NULL);
    }
    return queue;
}

void news_free(News *news) {
    free(news);
}

void news_close(NewsQueue *queue) {
    if (!queue)
        return;
    for (News *news; (news = news_take(queue));)
        news_free(news);
    pthread_cond_destroy(&queue->room);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

static News *copy_of(const News *news, const void *data, size_t n_bytes) {
    News *copy = malloc(sizeof *copy + n_bytes);
    if (!copy)
        return NULL;
    *copy = *news;
    if (n_bytes)
        memcpy(copy + 1, data, n_bytes);
    copy->data = copy + 1;
    copy->n_bytes = sizeof *copy + n_bytes;
    copy->next = NULL;
    return copy;
}

static bool is_full(const NewsQueue *queue, size_t n_bytes) {
    return queue->first && queue->n_bytes + n_bytes > most_bytes;
}

bool news_post(NewsQueue *queue, const News *news, const void *data, size_t n_bytes) {
    News *copy = copy_of(news, data, n_bytes);
    if (!copy)
        return false;
    pthread_mutex_lock(&queue->lock);
    while (is_full(queue, copy->n_bytes) && !queue->is_open && !queue->is_stopped)
        pthread_cond_wait(&queue->room, &queue->lock);
    bool is_stopped = queue->is_stopped;
    if (is_stopped) {
        news_free(copy);
    } else {
        *(queue->first ? &queue->last->next : &queue->first) = copy;
        queue->last = copy;
        queue->n_bytes += copy->n_bytes;
    }
    pthread_mutex_unlock(&queue->lock);
    return !is_stopped;
}

News *news_take(NewsQueue *queue) {
    pthread_mutex_lock(&queue->lock);
    News *news = queue->first;
    if (news) {
        queue->first = news->next;
        queue->n_bytes -= news->n_bytes;
        pthread_cond_signal(&queue->room);
    }
    pthread_mutex_unlock(&queue->lock);
    return news;
}

void news_let(NewsQueue *queue, bool is_open) {
    pthread_mutex_lock(&queue->lock);
    queue->is_open = is_open;
    pthread_cond_broadcast(&queue->room);
    pthread_mutex_unlock(&queue->lock);
}

void news_stop(NewsQueue *queue) {
    pthread_mutex_lock(&queue->lock);
    queue->is_stopped = true;
    pthread_cond_broadcast(&queue->room);
    pthread_mutex_unlock(&queue->lock);
}
