/* superpose list: what there is, one line each. */
#include "sim/command/command.h"
#include "sim/command/tables.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static error_t parse(int key, char *value, struct argp_state *state) {
    Words *words = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        words_add(words, value, state);
        break;
    case ARGP_KEY_END:
        if (words->n > 1)
            argp_error(state, "at most one kind of thing");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

const struct argp list_argp = {NULL,
                               parse,
                               "[KIND-OF-THING]",
                               "Lists data, models, tasks, optimizers, schedules, metrics, "
                               "summaries, figures and configs with "
                               "one line each; `superpose help NAME` tells more of any of them.",
                               NULL,
                               NULL,
                               NULL};

static void list_table(const KindTable *table) {
    Text text = {0};
    printf("%s – %s\n", table->name, table->summary);
    kind_table_print(table, &text);
    fputs(text_of(&text), stdout);
    text_release(&text);
}

static bool list_figures(const Program *program, const char *word) {
    json_t *described = render_describe(program);
    const char *name;
    json_t *table;
    bool is_listed = false;
    json_object_foreach(described, name, table) {
        json_t *kind;
        size_t i;
        if (!json_is_array(table) ||
            (word && !table_is_meant(name, word) && !table_is_meant(word, name)))
            continue;
        is_listed = true;
        printf("%s\n", name);
        json_array_foreach(table, i, kind)
            printf("  %-24s %s\n", json_string_value(json_object_get(kind, "name")),
                   json_string_value(json_object_get(kind, "summary")));
    }
    json_decref(described);
    return is_listed;
}

static int by_name(const void *a, const void *b) {
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* Configs of the folder configs/ here and its folders. */
static void list_configs(const char *folder, Arena *arena) {
    const char *names[256];
    int n = 0;
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory && n < 256 && (entry = readdir(directory));)
        if (entry->d_name[0] != '.')
            names[n++] = arena_print(arena, "%s/%s", folder, entry->d_name);
    if (directory)
        closedir(directory);
    qsort(names, (size_t)n, sizeof *names, by_name);
    for (int i = 0; i < n; i++) {
        if (!text_ends(names[i], ".yaml")) {
            list_configs(names[i], arena);
            continue;
        }
        Problems problems = {.arena = arena};
        const Yaml *root = yaml_load(names[i], arena, &problems),
                   *title = root ? yaml_get(root, "title") : NULL;
        printf("  %-32s %s\n", names[i], title && title->type == YAML_SCALAR ? title->text : "");
    }
}

ExitCode command_list(const Program *program, int argc, char **argv) {
    Words words = {0};
    Arena arena = {0};
    argp_parse(&list_argp, argc, argv, 0, NULL, &words);
    const char *word = words.n ? words.items[0] : NULL;
    bool is_listed = false;
    for (int i = 0; i < n_tables; i++)
        if (!word || table_is_meant(tables[i]->name, word)) {
            list_table(tables[i]);
            is_listed = true;
        }
    is_listed = list_figures(program, word) || is_listed;
    if (!word || table_is_meant("config", word)) {
        puts("configs");
        list_configs("configs", &arena);
        is_listed = true;
    }
    arena_release(&arena);
    if (is_listed)
        return EXIT_DONE;
    return command_fail(EXIT_USAGE, "there is no list of '%s'; `superpose list` shows all of them",
                        word);
}
