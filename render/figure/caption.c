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
        return label_word(arena, json_string_value(value));
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
    if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
        return arena_print(arena, "%s %s", *value == 't' ? "with" : "without",
                           label_setting(arena, key));
    return is_kind ? value : arena_print(arena, "%s = %s", label_setting(arena, key), value);
}

static void join(const char **caption, const char *part, Arena *arena) {
    *caption = *caption ? arena_print(arena, "%s, %s", *caption, part) : part;
}

/* To all of a caption and to its half. */
static void add_part(ShownModel *shown, bool is_of_row, const char *part, Arena *arena) {
    join(&shown->caption, part, arena);
    join(is_of_row ? &shown->row_caption : &shown->cell_caption, part, arena);
}

/* What is the same in all cells is said once; not how small their first weights were, which tells
 * a reader nothing of the picture. */
static void add_common(const AxisValues *axis, const char **common, Arena *arena) {
    bool is_told = strcmp(axis->key, "model.init_std") != 0;
    for (int i = 0; is_told && i < axis->n; i++)
        if (axis->values[i]) {
            const char *value = value_markup(axis->values[i], MIN_DIGITS, arena);
            join(common, part_of(axis->key, value, arena), arena);
            return;
        }
}

static void add_axis(const AxisValues *axis, bool is_of_row, ShownModel *shown, Arena *arena) {
    int digits = MIN_DIGITS;
    Arena scratch = {0};
    while (digits < MAX_DIGITS && is_ambiguous(axis, digits, &scratch))
        digits++;
    arena_release(&scratch);
    for (int i = 0; i < axis->n; i++)
        if (axis->values[i])
            add_part(&shown[i], is_of_row,
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
            add_part(&shown[i], false,
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

/* Several models of one point, which only `runs: all` gives. */
static bool has_restarts(const ShownModel *shown, int n) {
    for (int i = 1; i < n; i++)
        if (shown[i].point == shown[i - 1].point)
            return true;
    return false;
}

/* The length of all rows, or 1 where they are of several lengths. */
static int row_length(const ShownModel *shown, int n, json_t *const *axes, const char *const *outer,
                      int n_outer) {
    bool by_restart = has_restarts(shown, n);
    int row = 1;
    while (row < n && is_same_row(shown, by_restart, axes, outer, n_outer, 0, row))
        row++;
    for (int i = 1; i < n; i++)
        if (is_same_row(shown, by_restart, axes, outer, n_outer, i, i - 1) != (i % row != 0))
            return 1;
    return row < n && n % row == 0 ? row : 1;
}

/* Axes of the store as found in the models: returns how many. */
static int list_axes(const json_t *keys, json_t *const *axes, int n, Arena *arena,
                     AxisValues *list) {
    int n_axes = 0;
    size_t k;
    const json_t *key;
    json_array_foreach(keys, k, key) {
        AxisValues *axis = &list[n_axes];
        *axis = (AxisValues){json_string_value(key), ARENA_NEW(arena, const json_t *, n), n};
        for (int i = 0; axis->key && i < n; i++)
            axis->values[i] = json_object_get(axes[i], axis->key);
        n_axes += axis->key != NULL;
    }
    return n_axes;
}

static void write_captions(const AxisValues *list, int n_axes, json_t *const *axes,
                           ShownModel *shown, int n, ShownLayout *layout, Arena *arena) {
    const char **varying = ARENA_NEW(arena, const char *, n_axes + 1);
    int n_varying = 0, n_written = 0;
    for (int a = 0; a < n_axes; a++)
        if (!is_constant(&list[a]))
            varying[n_varying++] = list[a].key;
    for (int a = 0; a < n_axes; a++) {
        bool varies = !is_constant(&list[a]);
        n_written += varies;
        if (n > 1 && !varies)
            add_common(&list[a], &layout->common, arena);
        else
            add_axis(&list[a], has_restarts(shown, n) || n_written < n_varying, shown, arena);
    }
    layout->row = row_length(shown, n, axes, varying, n_varying - 1);
    add_restarts(shown, n, arena);
}

bool captions_write(const FigureInput *input, ShownModel *shown, int n, ShownLayout *layout,
                    Error *error) {
    *layout = (ShownLayout){.row = 1};
    Arena *arena = input->arena;
    json_t **axes = ARENA_NEW(arena, json_t *, n);
    bool is_read = read_axes(input, shown, n, axes, error);
    const char *text = is_read ? store_fact(input->store, "axes", arena) : NULL;
    json_t *keys = text ? json_loads(text, 0, NULL) : NULL;
    AxisValues *list = ARENA_NEW(arena, AxisValues, json_array_size(keys) + 1);
    if (is_read)
        write_captions(list, list_axes(keys, axes, n, arena, list), axes, shown, n, layout, arena);
    json_decref(keys);
    for (int i = 0; i < n; i++)
        json_decref(axes[i]);
    return is_read;
}
