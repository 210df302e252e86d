#include "render/figure/quantity.h"

#include "render/draw/label.h"
#include "sim/store/column.h"

#include <jansson.h>
#include <string.h>

int quantity_axes(const FigureInput *input, const char *const **keys) {
    const char *fact = store_fact(input->store, "axes", input->arena);
    json_t *list = fact ? json_loads(fact, 0, NULL) : NULL, *key;
    const char **names = ARENA_NEW(input->arena, const char *, json_array_size(list) + 1);
    int n = 0;
    size_t i;
    json_array_foreach(list, i, key) if (json_is_string(key)) names[n++] =
        arena_copy(input->arena, json_string_value(key));
    json_decref(list);
    *keys = names;
    return n;
}

static bool is_setting(const FigureInput *input, const char *name) {
    static const char *const of_runs[] = {"seed", "restart", "point"};
    const char *const *axes;
    int n = quantity_axes(input, &axes);
    for (size_t i = 0; i < sizeof of_runs / sizeof *of_runs; i++)
        if (strcmp(name, of_runs[i]) == 0)
            return true;
    for (int i = 0; i < n; i++)
        if (strcmp(name, axes[i]) == 0)
            return true;
    return false;
}

/* Each code's text, from the runs that have it. */
static void find_texts(const StoreColumn *column, int64_t n_runs, Quantity *quantity,
                       Arena *arena) {
    for (int64_t i = 0; i < n_runs; i++)
        if (column->labels[i] && column->values[i] >= quantity->n_texts)
            quantity->n_texts = (int)column->values[i] + 1;
    quantity->texts = ARENA_NEW(arena, const char *, quantity->n_texts);
    for (int64_t i = 0; i < n_runs; i++)
        if (column->labels[i])
            quantity->texts[(int)column->values[i]] = column->labels[i];
}

bool quantity_read(const FigureInput *input, const StoredRun *runs, int64_t n_runs,
                   const char *name, Quantity *quantity, Error *error) {
    StoreColumn column;
    if (!store_column(input->store, runs, n_runs, name, input->arena, &column, error))
        return false;
    *quantity = (Quantity){.name = name,
                           .label = label_quantity(input->arena, name),
                           .is_setting = is_setting(input, store_column_name(name)),
                           .values = column.values};
    if (column.labels)
        find_texts(&column, n_runs, quantity, input->arena);
    return true;
}
