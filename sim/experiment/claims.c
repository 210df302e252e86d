#include "sim/experiment/claims.h"
#include "sim/experiment/claim_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Verdict {
    bool is_held, is_empty; /* empty: there was nothing to test */
    const char *found;
} Verdict;

static int by_value(const void *a, const void *b) {
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

static double count(const Claim *claim, const double *values, int64_t n) {
    int64_t counted = 0;
    for (int64_t i = 0; i < n; i++)
        counted += claim->is_within ? values[i] >= claim->within[0] && values[i] <= claim->within[1]
                                    : values[i] > claim->above;
    return (double)counted;
}

/* One number from values [n], n > 0 unless it counts. Sorts them. */
static double reduce(const Claim *claim, double *values, int64_t n) {
    double sum = 0;
    qsort(values, n, sizeof *values, by_value);
    switch (claim->reduce) {
    case REDUCE_MEAN:
    case REDUCE_SUM:
        for (int64_t i = 0; i < n; i++)
            sum += values[i];
        return claim->reduce == REDUCE_SUM ? sum : sum / (double)n;
    case REDUCE_MEDIAN:
        return (values[(n - 1) / 2] + values[n / 2]) / 2;
    case REDUCE_MAX:
        return values[n - 1];
    case REDUCE_COUNT:
        return count(claim, values, n);
    case REDUCE_SHARE:
        return count(claim, values, n) / (double)n;
    case REDUCE_MIN:
    case REDUCE_EACH:
        break;
    }
    return values[0];
}

/* Range of the tested numbers, and the first that fails. */
typedef struct Tested {
    double low, high, bad;
    const Series *failed; /* NULL: none */
} Tested;

static void test_number(const Claim *claim, double value, const Series *series, Tested *tested) {
    tested->low = fmin(tested->low, value);
    tested->high = fmax(tested->high, value);
    if (!claim_allows(claim, value) && !tested->failed) {
        tested->bad = value;
        tested->failed = series;
    }
}

static void test_series(const Claim *claim, const Series *series, Arena *arena, Tested *tested) {
    if (claim->reduce == REDUCE_EACH) {
        for (int64_t i = 0; i < series->n; i++)
            test_number(claim, series->values[i], series, tested);
        return;
    }
    double *values = ARENA_NEW(arena, double, series->n);
    if (series->n)
        memcpy(values, series->values, series->n * sizeof *values);
    test_number(claim, reduce(claim, values, series->n), series, tested);
}

static const char *of_run(const Series *series, Arena *arena) {
    return series->run ? arena_print(arena, " (run %lld)", (long long)series->run->number) : "";
}

/* What makes numbers unfit for a test; NULL: nothing. */
static const char *number_trouble(const Claim *claim, const Series *series, Arena *arena) {
    const char *run = of_run(series, arena);
    if (series->measurement.labels)
        return arena_print(arena, "%s holds names: test it with `is`", claim->name);
    if (series->n == 0 && claim->reduce != REDUCE_COUNT)
        return arena_print(arena, "no feature is represented%s", run);
    for (int64_t i = 0; i < series->n; i++)
        if (isnan(series->values[i]))
            return arena_print(arena, "%s is not defined (NaN)%s", claim->name, run);
    return NULL;
}

/* All single numbers as one series, so that they are reduced over the runs. */
static void join_singles(const Claim *claim, Evidence *evidence, Arena *arena) {
    if (claim->reduce == REDUCE_EACH || !evidence->series[0].is_single)
        return;
    double *values = ARENA_NEW(arena, double, evidence->n);
    for (int64_t i = 0; i < evidence->n; i++)
        values[i] = evidence->series[i].values[0];
    evidence->series[0].values = values;
    evidence->series[0].n = evidence->n;
    evidence->n = 1;
}

static Verdict test_numbers(const Claim *claim, Evidence *evidence, Arena *arena) {
    Tested tested = {.low = HUGE_VAL, .high = -HUGE_VAL};
    for (int64_t i = 0; i < evidence->n; i++) {
        const char *trouble = number_trouble(claim, &evidence->series[i], arena);
        if (trouble)
            return (Verdict){.found = trouble};
    }
    int64_t n_runs = evidence->n;
    join_singles(claim, evidence, arena);
    for (int64_t i = 0; i < evidence->n; i++)
        test_series(claim, &evidence->series[i], arena, &tested);
    const char *low = claim_number(claim, tested.low, arena);
    const char *high = claim_number(claim, tested.high, arena);
    const char *found = strcmp(low, high) == 0 ? low : arena_print(arena, "%s … %s", low, high);
    if (tested.failed && evidence->n == n_runs && n_runs > 1)
        found =
            arena_print(arena, "%s (run %lld: %s)", found, (long long)tested.failed->run->number,
                        claim_number(claim, tested.bad, arena));
    return (Verdict){.is_held = !tested.failed, .found = found};
}

static bool is_among(const Claim *claim, const char *label) {
    for (int i = 0; i < claim->n_names; i++)
        if (strcmp(claim->names[i], label) == 0)
            return true;
    return false;
}

/* Labels found, each once with how often. */
typedef struct Tally {
    const char **labels;
    int64_t *counts;
    int n;
} Tally;

static void tally_add(Tally *tally, const char *label) {
    int i = 0;
    while (i < tally->n && strcmp(tally->labels[i], label) != 0)
        i++;
    if (i == tally->n)
        tally->labels[tally->n++] = label;
    tally->counts[i]++;
}

static const char *tally_text(const Tally *tally, Arena *arena) {
    Text text = {0};
    for (int i = 0; i < tally->n; i++) {
        text_add(&text, "%s%s", i ? ", " : "", tally->labels[i]);
        if (tally->counts[i] > 1)
            text_add(&text, " (%lld)", (long long)tally->counts[i]);
    }
    const char *copy = arena_copy(arena, text_of(&text));
    text_release(&text);
    return copy;
}

static Verdict test_labels(const Claim *claim, const Evidence *evidence, Arena *arena) {
    int64_t n_values = 0;
    for (int64_t s = 0; s < evidence->n; s++)
        n_values += evidence->series[s].n;
    Tally tally = {ARENA_NEW(arena, const char *, n_values), ARENA_NEW(arena, int64_t, n_values),
                   0};
    bool is_held = n_values > 0;
    for (int64_t s = 0; s < evidence->n; s++)
        for (int64_t i = 0; i < evidence->series[s].n; i++) {
            const Series *series = &evidence->series[s];
            const char *label = claim_label(&series->measurement, series->values[i]);
            if (!label)
                return (Verdict){.found = arena_print(arena, "%s holds no name%s", claim->name,
                                                      of_run(series, arena))};
            tally_add(&tally, label);
            is_held = is_held && is_among(claim, label);
        }
    const char *found = n_values ? tally_text(&tally, arena) : "no feature is represented";
    return (Verdict){.is_held = is_held, .found = found};
}

static bool evaluate(const ClaimRuns *runs, const Claim *claim, Arena *arena, Verdict *verdict,
                     Error *error) {
    Selection selection = {.n = 0};
    if (!claim->is_whole && !claim_runs_select(runs, claim, arena, &selection, error))
        return false;
    if (!claim->is_whole && (selection.why || selection.n == 0)) {
        *verdict = (Verdict){.is_empty = !selection.why,
                             .found = selection.why ? selection.why : "no run is like that"};
        return true;
    }
    Evidence evidence;
    if (!claim_values_take(runs, claim, &selection, arena, &evidence, error))
        return false;
    if (evidence.why)
        *verdict = (Verdict){.found = evidence.why};
    else if (claim->test == CLAIM_IS)
        *verdict = test_labels(claim, &evidence, arena);
    else
        *verdict = test_numbers(claim, &evidence, arena);
    return true;
}

static const char *state_of(const Claim *claim, const Verdict *verdict) {
    if (verdict->is_empty)
        return "skipped";
    if (verdict->is_held)
        return "held";
    return claim->known ? "known" : "not held";
}

/* One claim; what is read for it is freed with the scratch. */
static bool check_one(const ClaimRuns *runs, const Claim *claim, Arena *arena, StoredClaim *stored,
                      Error *error) {
    Arena scratch = {0};
    Verdict verdict;
    bool good = evaluate(runs, claim, &scratch, &verdict, error);
    if (good) {
        stored->found = arena_copy(arena, verdict.found);
        stored->state = state_of(claim, &verdict);
    }
    arena_release(&scratch);
    return good;
}

bool claims_check(const Experiment *experiment, Store *store, bool is_forced, Arena *arena,
                  StoredClaim **claims, int *n, int *n_failed, Error *error) {
    bool is_skipped = (experiment->changes_runs && !is_forced) || !experiment->n_claims;
    Arena stored_runs = {0};
    ClaimRuns runs;
    *claims = ARENA_NEW(arena, StoredClaim, experiment->n_claims);
    *n = experiment->n_claims;
    *n_failed = 0;
    bool good = summaries_make(&experiment->summaries, store, error) &&
                (is_skipped || claim_runs_read(experiment, store, &stored_runs, &runs, error));
    for (int c = 0; good && c < *n; c++) {
        const Claim *claim = &experiment->claims[c];
        StoredClaim *stored = &(*claims)[c];
        *stored =
            (StoredClaim){.text = claim->says ? claim->says : claim_text(claim, arena),
                          .found = "overrides changed the runs (--expect checks it all the same)",
                          .state = "skipped",
                          .source = claim->source,
                          .known = claim->known,
                          .figure = claim->figure};
        good = is_skipped || check_one(&runs, claim, arena, stored, error);
        *n_failed += good && strcmp(stored->state, "not held") == 0;
    }
    arena_release(&stored_runs);
    return good;
}
