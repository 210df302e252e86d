#include "sim/summary/summary.h"

/* One line a summary: the file <name>.c defines summary_<name>. */
#define SUMMARIES(ROW) ROW(loss_ratio)

#define DECLARE(name) extern const SummaryKind summary_##name;
SUMMARIES(DECLARE)

#define ROW_OF(name) &summary_##name.kind,
static const Kind *const rows[] = {SUMMARIES(ROW_OF)};

const KindTable summary_table = {
    .name = "summaries",
    .noun = "summary",
    .summary = "numbers of many runs, made from what is stored",
    .rows = rows,
    .n_rows = sizeof rows / sizeof *rows,
};

static bool input_read(Store *store, Arena *arena, SummaryInput *input, Error *error) {
    StoredRun *runs;
    int64_t n;
    if (!store_runs(store, arena, &runs, &n, error))
        return false;
    while (n > 0 && runs[n - 1].number < 0) /* these come last */
        n--;
    *input = (SummaryInput){store, runs, n, n ? runs[n - 1].number + 1 : 0};
    return true;
}

bool summary_make(const SummaryKind *kind, Store *store, Error *error) {
    Arena arena = {0};
    Measurements measurements = {.arena = &arena};
    SummaryInput input;
    bool good =
        input_read(store, &arena, &input, error) && kind->summarize(&input, &measurements, error);
    for (int i = 0; good && i < measurements.n; i++) {
        StoredMeasurement stored = {
            .maker = kind->kind.name, .settings = "", .measurement = measurements.items[i]};
        good = store_put_measurement(store, 0, &stored, error);
    }
    arena_release(&arena);
    return good;
}
