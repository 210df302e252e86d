/* Which runs go into the same .npz: those of equal tensors and, with --snapshots, equal steps. */
#include "sim/store/exporting.h"

#include <string.h>

/* A run as a group of its own, in scratch. */
static bool describe(Export *export, const StoredRun *run, Group *group, Error *error) {
    Text key = {0};
    Arena *scratch = &export->scratch;
    *group = (Group){0};
    if (!store_tensor_list(export->store, run->id, run->steps, scratch, &group->tensors,
                           &group->n_tensors, error) ||
        (export->options->snapshots &&
         !store_steps(export->store, run->id, scratch, &group->steps, &group->n_steps, error)))
        return false;
    for (int i = 0; i < group->n_tensors; i++)
        text_add(&key, "%s %d %d %d, ", group->tensors[i].name, group->tensors[i].n_rows,
                 group->tensors[i].n_columns, group->tensors[i].is_vector);
    for (int i = 0; i < group->n_steps; i++)
        text_add(&key, "%lld ", (long long)group->steps[i]);
    group->key = arena_copy(scratch, text_of(&key));
    text_release(&key);
    return group->n_tensors > 0 ||
           error_set(error, "run %lld has no parameters", (long long)run->number);
}

/* Copies what outlives scratch; NULL where memory is short. */
static Group *add_group(Export *export, Groups *groups, const Group *found) {
    Arena *arena = &export->arena;
    groups->items = store_grow(arena, groups->items, groups->n, sizeof *groups->items);
    int64_t *rows = ARENA_TRY(arena, int64_t, export->n_runs);
    if (!groups->items || !rows)
        return NULL;
    Group *group = &groups->items[groups->n++];
    *group = *found;
    group->key = arena_copy(arena, found->key);
    group->rows = rows;
    group->tensors = ARENA_NEW(arena, Tensor, found->n_tensors);
    for (int i = 0; i < found->n_tensors; i++) {
        group->tensors[i] = found->tensors[i];
        group->tensors[i].name = arena_copy(arena, found->tensors[i].name);
    }
    group->steps = ARENA_NEW(arena, int64_t, found->n_steps);
    for (int i = 0; i < found->n_steps; i++)
        group->steps[i] = found->steps[i];
    return group;
}

static bool find_groups(Export *export, Groups *groups, Error *error) {
    for (int64_t i = 0; i < export->n_runs; i++) {
        Group now, *group = NULL;
        if (!describe(export, &export->runs[i], &now, error))
            return false;
        for (int k = 0; k < groups->n && !group; k++)
            if (strcmp(groups->items[k].key, now.key) == 0)
                group = &groups->items[k];
        if (!group && !(group = add_group(export, groups, &now)))
            return error_set(error, "%s: out of memory", export->path);
        group->rows[group->n_rows++] = i;
        export_tidy(export);
    }
    return true;
}

static bool is_taken(const Groups *groups, int n, const char *path) {
    for (int i = 0; i < n; i++)
        if (strcmp(groups->items[i].path, path) == 0)
            return true;
    return false;
}

/* The first group gets the name asked for, the others x-20x5.npz, x-20x5-2.npz, … */
static void name_groups(Export *export, Groups *groups) {
    int n_stem = (int)strlen(export->path) - 4;
    for (int i = 0; i < groups->n; i++) {
        Group *group = &groups->items[i];
        group->path = export->path;
        for (int copy = 1; is_taken(groups, i, group->path); copy++)
            group->path = arena_print(
                &export->arena, copy == 1 ? "%.*s-%dx%d.npz" : "%.*s-%dx%d-%d.npz", n_stem,
                export->path, group->tensors[0].n_rows, group->tensors[0].n_columns, copy);
    }
}

bool export_groups(Export *export, Groups *groups, Error *error) {
    *groups = (Groups){0};
    if (!find_groups(export, groups, error))
        return false;
    name_groups(export, groups);
    return true;
}
