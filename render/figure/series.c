/* Runs → those chosen → names into quantities → values of `by` → groups → points. */
#include "render/figure/series.h"

#include "render/draw/label.h"
#include "sim/store/column.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BY = 400 };

typedef struct Reader {
    const FigureInput *input;
    const SeriesSettings *settings;
    StoredRun *runs; /* [n] */
    int64_t n;
    SeriesSet *set;
} Reader;

/* One run in one series. */
typedef struct Item {
    double group, x, y, loss;
    int64_t number;
} Item;

static bool has_value(const Quantity *quantity, int64_t run, const Yaml *wanted) {
    double value;
    if (quantity->texts)
        return !isnan(quantity->values[run]) && wanted->type == YAML_SCALAR &&
               strcmp(quantity->texts[(int)quantity->values[run]], wanted->text) == 0;
    return yaml_is_real(wanted, &value) &&
           fabs(quantity->values[run] - value) <= 1e-9 * fmax(1e-300, fabs(value));
}

static bool is_chosen(const Quantity *quantity, int64_t run, const Yaml *wanted) {
    bool is_any = wanted->type == YAML_SCALAR && has_value(quantity, run, wanted);
    for (int i = 0; wanted->type == YAML_LIST && i < wanted->n; i++)
        is_any = is_any || has_value(quantity, run, wanted->items[i]);
    return is_any;
}

static bool keep_chosen(Reader *reader, const YamlPair *pair, Error *error) {
    Quantity quantity;
    int64_t n_kept = 0;
    if (!quantity_read(reader->input, reader->runs, reader->n, pair->key, &quantity, error))
        return error_prefix(error, "at: ");
    for (int64_t i = 0; i < reader->n; i++)
        if (is_chosen(&quantity, i, pair->value))
            reader->runs[n_kept++] = reader->runs[i];
    reader->n = n_kept;
    if (n_kept)
        return true;
    Text text = {0};
    yaml_print(pair->value, &text);
    error_set(error, "at: no finished run has %s: %s", pair->key, text_of(&text));
    text_release(&text);
    return false;
}

static bool choose_runs(Reader *reader, Error *error) {
    const Yaml *at = reader->settings->at;
    int64_t n_all;
    if (!store_runs(reader->input->store, reader->input->arena, &reader->runs, &n_all, error))
        return false;
    for (int64_t i = 0; i < n_all; i++)
        if (reader->runs[i].number >= 0 && reader->runs[i].status == RUN_DONE)
            reader->runs[reader->n++] = reader->runs[i];
    if (!reader->n)
        return error_set(error, "no run has finished");
    if (at && at->type != YAML_MAP)
        return error_set(error, "at: must be a map of names and values");
    for (int i = 0; at && i < at->n; i++)
        if (!keep_chosen(reader, &at->pairs[i], error))
            return false;
    return true;
}

static bool is_varying(const Quantity *quantity, int64_t n) {
    for (int64_t i = 1; i < n; i++)
        if (quantity->values[i] != quantity->values[0] && !isnan(quantity->values[i]))
            return true;
    return false;
}

/* The first axis with several values that is not `other`, or NULL: what tells a reader little, the
 * seed, only where it is asked for. */
static bool find_axis(const Reader *reader, const char *other, bool may_be_seed, const char **found,
                      Error *error) {
    const char *const *axes;
    int n = quantity_axes(reader->input, &axes);
    *found = NULL;
    for (int i = 0; i < n && !*found; i++) {
        Quantity axis;
        if ((strcmp(axes[i], "train.seed") == 0 && !may_be_seed) ||
            (other && strcmp(axes[i], other) == 0))
            continue;
        if (!quantity_read(reader->input, reader->runs, reader->n, axes[i], &axis, error))
            return false;
        if (is_varying(&axis, reader->n))
            *found = axes[i];
    }
    return true;
}

/* What the setting `names` says of a name or value, or NULL. */
static const char *given_name(const Reader *reader, const char *text) {
    const Yaml *names = reader->settings->names;
    const Yaml *name = names ? yaml_get(names, text) : NULL;
    return name && name->type == YAML_SCALAR ? label_escape(reader->input->arena, name->text)
                                             : NULL;
}

/* Puts what a reader sees for the texts: as `names` says, or in plain words. Those that look the
 * same are one. */
static void name_texts(const Reader *reader, Quantity *quantity) {
    Arena *arena = reader->input->arena;
    int *code = ARENA_NEW(arena, int, quantity->n_texts);
    for (int k = 0; k < quantity->n_texts; k++) {
        const char *given = given_name(reader, quantity->texts[k]);
        quantity->texts[k] = given ? given : label_word(arena, quantity->texts[k]);
        while (strcmp(quantity->texts[code[k]], quantity->texts[k]) != 0)
            code[k]++;
    }
    for (int64_t i = 0; quantity->n_texts && i < reader->n; i++)
        if (!isnan(quantity->values[i]))
            quantity->values[i] = code[(int)quantity->values[i]];
}

static bool read_x(Reader *reader, Error *error) {
    const char *name = reader->settings->x;
    if (strcmp(name, "auto") == 0) {
        if (!find_axis(reader, NULL, false, &name, error) ||
            (!name && !find_axis(reader, NULL, true, &name, error)))
            return false;
        name = name ? name : "restart";
    }
    if (!quantity_read(reader->input, reader->runs, reader->n, name, &reader->set->x, error))
        return error_prefix(error, "x: ");
    name_texts(reader, &reader->set->x);
    return true;
}

static bool read_by(Reader *reader, Error *error) {
    const char *name = reader->settings->by, *x = reader->set->x.name;
    if (strcmp(name, "auto") == 0) {
        x = store_column_name(x);
        if (!reader->set->x.is_setting && !find_axis(reader, NULL, false, &x, error))
            return false;
        if (!find_axis(reader, x, false, &name, error))
            return false;
    }
    if (!name || strcmp(name, "none") == 0)
        return true;
    if (!quantity_read(reader->input, reader->runs, reader->n, name, &reader->set->by, error))
        return error_prefix(error, "by: ");
    name_texts(reader, &reader->set->by);
    return true;
}

static bool read_y(Reader *reader, Error *error) {
    const Yaml *y = reader->settings->y;
    int n = y && y->type == YAML_LIST ? y->n : 1;
    Quantity *quantities = ARENA_NEW(reader->input->arena, Quantity, n);
    for (int i = 0; i < n; i++) {
        const Yaml *name = y && y->type == YAML_LIST ? y->items[i] : y;
        if (!name || name->type != YAML_SCALAR)
            return error_set(error, "y: must be a name, or a list of names");
        if (!quantity_read(reader->input, reader->runs, reader->n, name->text, &quantities[i],
                           error))
            return error_prefix(error, "y: ");
        if (quantities[i].texts)
            return error_set(error, "y: %s is a text: it can be x or by", name->text);
    }
    reader->set->y = quantities;
    reader->set->n_y = n;
    return n > 0 || error_set(error, "y: names nothing");
}

static int by_real(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The different values of `by`; those of texts are in the order in which the runs have them. */
static bool find_by_values(Reader *reader, Error *error) {
    SeriesSet *set = reader->set;
    double *values = ARENA_NEW(reader->input->arena, double, MAX_BY);
    set->by_values = values;
    set->n_by = set->by.name ? 0 : 1;
    for (int64_t i = 0; set->by.name && i < reader->n; i++) {
        int k = 0;
        while (k < set->n_by && values[k] != set->by.values[i])
            k++;
        if (k < set->n_by || isnan(set->by.values[i]))
            continue;
        if (k == MAX_BY)
            return error_set(error, "by: %s has more than %d values", set->by.name, MAX_BY);
        values[set->n_by++] = set->by.values[i];
    }
    qsort(values, (size_t)set->n_by, sizeof(double), by_real);
    return true;
}

static const char *by_name(const Reader *reader, int by) {
    const SeriesSet *set = reader->set;
    double value = set->by_values[by];
    char number[32];
    if (set->by.texts)
        return set->by.texts[(int)value];
    const char *given = given_name(reader, text_number(number, value));
    return given ? given
                 : arena_print(reader->input->arena, "%s = %s", set->by.label,
                               label_number(reader->input->arena, value, 4));
}

static const char *series_name(const Reader *reader, int by, int quantity) {
    const SeriesSet *set = reader->set;
    const char *y = given_name(reader, set->y[quantity].name);
    y = y ? y : set->y[quantity].label;
    if (!set->by.name)
        return set->n_y > 1 ? y : NULL;
    return set->n_y > 1 ? arena_print(reader->input->arena, "%s, %s", y, by_name(reader, by))
                        : by_name(reader, by);
}

/* Group by group, in each the best run first. */
static int by_group(const void *a, const void *b) {
    const Item *p = a, *q = b;
    double first = isnan(p->loss) ? HUGE_VAL : p->loss,
           second = isnan(q->loss) ? HUGE_VAL : q->loss;
    if (p->group != q->group)
        return p->group < q->group ? -1 : 1;
    if (first != second)
        return first < second ? -1 : 1;
    return (p->number > q->number) - (p->number < q->number);
}

static int64_t gather(const Reader *reader, int by, int quantity, Item *items) {
    const SeriesSet *set = reader->set;
    int64_t n = 0;
    for (int64_t i = 0; i < reader->n; i++) {
        double x = set->x.values[i], y = set->y[quantity].values[i];
        bool is_in = !set->by.name || set->by.values[i] == set->by_values[by];
        if (!is_in || !isfinite(x) || !isfinite(y))
            continue;
        double group = set->x.is_setting ? x : (double)reader->runs[i].point;
        items[n++] = (Item){group, x, y, reader->runs[i].loss, reader->runs[i].number};
    }
    if (n)
        qsort(items, (size_t)n, sizeof *items, by_group);
    return n;
}

static double median(double *values, int64_t n) {
    qsort(values, (size_t)n, sizeof *values, by_real);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* The point of a group [n]. */
static void reduce(const Item *items, int64_t n, bool is_spread, double *scratch, double *x,
                   double *y, double *low, double *high) {
    *x = items[0].x;
    *y = items[0].y;
    if (!is_spread)
        return;
    for (int64_t i = 0; i < n; i++)
        scratch[i] = items[i].x;
    *x = median(scratch, n);
    for (int64_t i = 0; i < n; i++)
        scratch[i] = items[i].y;
    *y = median(scratch, n);
    *low = scratch[0];
    *high = scratch[n - 1];
}

static void fill_series(const Reader *reader, int by, int quantity, Item *items,
                        RunSeries *series) {
    Arena *arena = reader->input->arena;
    bool is_spread = reader->settings->runs == SERIES_SPREAD;
    int64_t n = gather(reader, by, quantity, items);
    double *all = ARENA_NEW(arena, double, 2 * n), *line = ARENA_NEW(arena, double, 4 * n),
           *scratch = ARENA_NEW(arena, double, n);
    *series = (RunSeries){.name = series_name(reader, by, quantity),
                          .by = by,
                          .quantity = quantity,
                          .n_all = n,
                          .all_x = all,
                          .all_y = all + n,
                          .x = line,
                          .y = line + n,
                          .low = is_spread ? line + 2 * n : NULL,
                          .high = is_spread ? line + 3 * n : NULL};
    for (int64_t i = 0; i < n; i++) {
        all[i] = items[i].x;
        all[n + i] = items[i].y;
    }
    for (int64_t first = 0, end; first < n; first = end, series->n++) {
        for (end = first; end < n && items[end].group == items[first].group;)
            end++;
        double *at = line + series->n;
        reduce(items + first, end - first, is_spread, scratch, at, at + n, at + 2 * n, at + 3 * n);
    }
}

static bool fill_all(Reader *reader, Error *error) {
    SeriesSet *set = reader->set;
    Item *items = ARENA_NEW(reader->input->arena, Item, reader->n);
    set->series = ARENA_NEW(reader->input->arena, RunSeries, (size_t)set->n_by * set->n_y);
    for (int by = 0; by < set->n_by; by++)
        for (int quantity = 0; quantity < set->n_y; quantity++) {
            fill_series(reader, by, quantity, items, &set->series[set->n]);
            set->n += set->series[set->n].n > 0;
        }
    return set->n || error_set(error, "no finished run has both %s and %s", set->x.name,
                               set->n_y == 1 ? set->y[0].name : "any y");
}

bool series_read(const FigureInput *input, const SeriesSettings *settings, SeriesSet *set,
                 Error *error) {
    Reader reader = {.input = input, .settings = settings, .set = set};
    *set = (SeriesSet){0};
    return choose_runs(&reader, error) && read_x(&reader, error) && read_by(&reader, error) &&
           read_y(&reader, error) && find_by_values(&reader, error) && fill_all(&reader, error);
}
