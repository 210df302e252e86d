/* render: the thread that reads a store, by itself. */
#include "render/runs/reader.h"
#include "tests/stored.h"

/* 91 snapshots of a mebibyte each: more than its news may take while somebody takes them. */
static const char *const large =
    "data: {kind: independent, n_features: 2048, feature_probability: 0.01}\n"
    "model: {kind: relu_output, n_hidden: 128}\n"
    "train: {steps: 90, batch: 1}\n"
    "record: {snapshots: {every: 1}, metrics: [loss], loss_samples: 1}\n";

static int take_moments(Reader *reader, bool *is_read) {
    int n = 0;
    for (News *news; (news = reader_take(reader)); news_free(news)) {
        n += news->kind == NEWS_MOMENT;
        *is_read |= news->kind == NEWS_READ;
    }
    return n;
}

/* Who holds it is who takes its news: neither waits for the other, and nothing is lost. */
Test(reader, lets_go_of_more_than_its_news_may_take, .timeout = 60) {
    Stored stored;
    Error error = {0};
    Reader *reader;
    bool is_read = false;
    int n = 0;
    stored_init(&stored, large);
    stored_train(&stored, -1);
    ReaderOptions options = {.experiment = stored.experiment, .n_slots = 1};
    cr_assert(store_open(&options.store, stored.path, STORE_READ, &error), "%s", error.text);
    cr_assert(reader_open(&reader, &options, &error), "%s", error.text);
    reader_watch(reader, 0, 0, 1000);
    while (!n) /* it is at it */
        n = take_moments(reader, &is_read);
    reader_hold(reader);
    n += take_moments(reader, &is_read);
    cr_assert(is_read && n == 91, "%d", n);
    reader_go_on(reader);
    reader_close(reader);
    stored_release(&stored);
}
