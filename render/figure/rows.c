/* Config text → tree → rows, each checked against the table of figures. */
#include "render/figure/rows.h"

#include <string.h>

/* A row's files lie in the store's folder: no name leads out of it, and no two are the same. */
static void check_names(const Choices *rows, Problems *problems) {
    for (int i = 0; i < rows->n; i++) {
        const char *name = figure_file_name(&rows->items[i]);
        if (strchr(name, '/') || *name == '.')
            problem_add(problems, rows->items[i].place,
                        "figures: the name %s must be a file's name without folder", name);
        for (int j = 0; j < i; j++)
            if (strcmp(figure_file_name(&rows->items[j]), name) == 0) {
                problem_add(problems, rows->items[i].place,
                            "figures: two rows are called %s: give one another name:", name);
                break;
            }
    }
}

Choices rows_read(Store *store, const char *store_path, Arena *arena, Problems *problems) {
    Choices rows = {0};
    const char *config = store_fact(store, "config", arena);
    if (!config)
        return rows;
    const Yaml *root = yaml_parse(arena_print(arena, "%s: config", store_path), config,
                                  strlen(config), arena, problems);
    const Yaml *list = root ? yaml_get(root, "figures") : NULL;
    if (list && list->type != YAML_LIST)
        problem_add(problems, list->place, "figures: must be a list");
    if (!list || list->type != YAML_LIST)
        return rows;
    rows.items = ARENA_NEW(arena, Choice, list->n);
    for (int i = 0; i < list->n; i++)
        if (choice_read(&figure_table, list->items[i], list->items[i]->place, NULL, 0,
                        &rows.items[rows.n], arena, problems))
            rows.n++;
    if (!problems->n)
        check_names(&rows, problems);
    return rows;
}

Choices rows_select(const Choices *rows, const char *name, Arena *arena, Problems *problems) {
    Choices selected = {.items = ARENA_NEW(arena, Choice, rows->n + 1)};
    for (int i = 0; i < rows->n; i++)
        if (strcmp(rows->items[i].kind->name, name) == 0 ||
            strcmp(figure_file_name(&rows->items[i]), name) == 0)
            selected.items[selected.n++] = rows->items[i];
    Place place = {.file = "-k"};
    if (!selected.n && choice_read(&figure_table, yaml_scalar(name, place, arena), place, NULL, 0,
                                   &selected.items[0], arena, problems))
        selected.n = 1;
    return selected;
}
