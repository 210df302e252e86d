/* One axis at a time: the values of all models, then its part of each caption. */
#include "render/figure/caption.h"

#include "render/draw/label.h"

#include <jansson.h>
#include <string.h>

enum { MIN_DIGITS = 3, MAX_DIGITS = 8 };

/* An axis as found in the runs. */
typedef struct AxisValues {
    const char *key;
    const json_t **values; /* [n]; NULL: the model has none */
    int n;
} AxisValues;

static const char *value_markup(const json_t *value, int digits, Arena *arena) {
    if (json_is_number(value))
        return label_number(arena, json_number_value(value), digits);
    if (json_is_string(value))
        return label_escape(arena, json_string_value(value));
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    const char *kept = label_escape(arena, text ? text : "");
    free(text);
    return kept;
}

/* Whether two different values would be written alike. */
static bool is_ambiguous(const AxisValues *axis, int digits, Arena *arena) {
    for (int i = 0; i < axis->n; i++)
        for (int j = 0; j < i; j++)
            if (axis->values[i] && axis->values[j] &&
                !json_equal(axis->values[i], axis->values[j]) &&
                strcmp(value_markup(axis->values[i], digits, arena),
                       value_markup(axis->values[j], digits, arena)) == 0)
                return true;
    return false;
}

static bool is_constant(const AxisValues *axis) {
    const json_t *first = NULL;
    for (int i = 0; i < axis->n; i++) {
        if (axis->values[i] && first && !json_equal(axis->values[i], first))
            return false;
        first = axis->values[i] ? axis->values[i] : first;
    }
    return true;
}

static const char *part_of(const char *key, const char *value, Arena *arena) {
    size_t n = strlen(key);
    bool is_kind = n >= 5 && strcmp(key + n - 5, ".kind") == 0;
    return is_kind ? value : arena_print(arena, "%s = %s", label_setting(arena, key), value);
}

static void add_part(const char **caption, const char *part, Arena *arena) {
    *caption = *caption ? arena_print(arena, "%s, %s", *caption, part) : part;
}

/* What is the same in all cells is said once. */
static void add_common(const AxisValues *axis, const char **common, Arena *arena) {
    for (int i = 0; i < axis->n; i++)
        if (axis->values[i]) {
            const char *value = value_markup(axis->values[i], MIN_DIGITS, arena);
            add_part(common, part_of(axis->key, value, arena), arena);
            return;
        }
}

static void add_axis(const AxisValues *axis, ShownModel *shown, Arena *arena) {
    int digits = MIN_DIGITS;
    Arena scratch = {0};
    while (digits < MAX_DIGITS && is_ambiguous(axis, digits, &scratch))
        digits++;
    arena_release(&scratch);
    for (int i = 0; i < axis->n; i++)
        if (axis->values[i])
            add_part(&shown[i].caption,
                     part_of(axis->key, value_markup(axis->values[i], digits, arena), arena),
                     arena);
}

/* Failed runs have axes too: any run of the point will do. */
static bool read_axes(const FigureInput *input, const ShownModel *shown, int n, json_t **axes,
                      Error *error) {
    StoredRun *runs;
    int64_t n_runs;
    if (!store_runs(input->store, input->arena, &runs, &n_runs, error))
        return false;
    for (int i = 0; i < n; i++)
        for (int64_t r = 0; r < n_runs && !axes[i]; r++)
            if (runs[r].number >= 0 && runs[r].point == shown[i].point) {
                if (!store_run_texts(input->store, &runs[r], input->arena, error))
                    return false;
                axes[i] = runs[r].axes ? json_loads(runs[r].axes, 0, NULL) : NULL;
            }
    return true;
}

/* Cells of the same point, which only `runs: all` gives. */
static void add_restarts(ShownModel *shown, int n, Arena *arena) {
    for (int i = 0; i < n; i++) {
        bool is_shared = (i && shown[i - 1].point == shown[i].point) ||
                         (i + 1 < n && shown[i + 1].point == shown[i].point);
        if (is_shared && shown[i].run)
            add_part(&shown[i].caption,
                     arena_print(arena, "restart %lld%s", (long long)shown[i].run->restart,
                                 shown[i].run->is_best ? " (best)" : ""),
                     arena);
    }
}

/* Whether two models may differ in the last varying axis alone: the axes before it are `outer`. */
static bool is_same_row(const ShownModel *shown, bool has_restarts, json_t *const *axes,
                        const char *const *outer, int n_outer, int i, int j) {
    bool is_same = !has_restarts || shown[i].point == shown[j].point;
    for (int k = 0; is_same && !has_restarts && k < n_outer; k++)
        is_same =
            json_equal(json_object_get(axes[i], outer[k]), json_object_get(axes[j], outer[k]));
    return is_same;
}

/* The length of all rows, or 1 where they are of several lengths. */
static int row_length(const ShownModel *shown, int n, json_t *const *axes, const char *const *outer,
                      int n_outer) {
    bool has_restarts = false;
    for (int i = 1; i < n; i++)
        has_restarts |= shown[i].point == shown[i - 1].point;
    int row = 1;
    while (row < n && is_same_row(shown, has_restarts, axes, outer, n_outer, 0, row))
        row++;
    for (int i = 1; i < n; i++)
        if (is_same_row(shown, has_restarts, axes, outer, n_outer, i, i - 1) != (i % row != 0))
            return 1;
    return row < n && n % row == 0 ? row : 1;
}

bool captions_write(const FigureInput *input, ShownModel *shown, int n, ShownLayout *layout,
                    Error *error) {
    *layout = (ShownLayout){.row = 1};
    Arena *arena = input->arena;
    json_t **axes = ARENA_NEW(arena, json_t *, n);
    bool is_read = read_axes(input, shown, n, axes, error);
    const char *list = is_read ? store_fact(input->store, "axes", arena) : NULL;
    json_t *keys = list ? json_loads(list, 0, NULL) : NULL, *key;
    const char **varying = ARENA_NEW(arena, const char *, json_array_size(keys) + 1);
    int n_varying = 0;
    size_t k;
    json_array_foreach(keys, k, key) {
        AxisValues axis = {json_string_value(key), ARENA_NEW(arena, const json_t *, n), n};
        for (int i = 0; axis.key && i < n; i++)
            axis.values[i] = json_object_get(axes[i], axis.key);
        if (axis.key && n > 1 && is_constant(&axis))
            add_common(&axis, &layout->common, arena);
        else if (axis.key)
            add_axis(&axis, shown, arena);
        if (axis.key && !is_constant(&axis))
            varying[n_varying++] = axis.key;
    }
    layout->row = row_length(shown, n, axes, varying, n_varying - 1);
    add_restarts(shown, n, arena);
    json_decref(keys);
    for (int i = 0; i < n; i++)
        json_decref(axes[i]);
    return is_read;
}
