#include "sim/command/tables.h"

#include "sim/metric/metric.h"
#include "sim/summary/summary.h"

#include <stdio.h>
#include <string.h>

static const KindTable *const own_tables[] = {&data_table,      &model_table,    &task_table,
                                              &optimizer_table, &schedule_table, &metric_table,
                                              &summary_table};
enum { N_OWN = sizeof own_tables / sizeof *own_tables };

Tables tables_all(const Program *program, Arena *arena) {
    Tables render = tables_of_render(program, arena);
    Tables all = {.items = ARENA_NEW(arena, const KindTable *, N_OWN + render.n)};
    for (int i = 0; i < N_OWN; i++)
        all.items[all.n++] = own_tables[i];
    for (int i = 0; i < render.n; i++)
        all.items[all.n++] = render.items[i];
    return all;
}

static bool is_meant(const char *name, const char *word) {
    size_t n = strlen(name), m = strlen(word);
    if (n == m + 1 && name[m] == 's')
        return strncmp(name, word, m) == 0;
    if (n == m + 2 && strcmp(name + m - 1, "ies") == 0 && word[m - 1] == 'y')
        return strncmp(name, word, m - 1) == 0;
    return strcmp(name, word) == 0;
}

const KindTable *tables_find(const Tables *tables, const char *word) {
    for (int i = 0; i < tables->n; i++)
        if (is_meant(tables->items[i]->name, word))
            return tables->items[i];
    return NULL;
}
