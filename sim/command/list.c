/* superpose list: what there is, one line each. */
#include "sim/command/command.h"
#include "sim/command/tables.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct argp list_argp = {NULL,
                               words_parse,
                               "[KIND-OF-THING]",
                               "Lists data, models, tasks, optimizers, schedules, metrics, "
                               "summaries, figures and configs with "
                               "one line each; `superpose help NAME` tells more of any of them.",
                               NULL,
                               NULL,
                               NULL};

static void list_table(const KindTable *table) {
    Text text = {0};
    kind_table_print(table, &text);
    printf("%s: %s\n%s\n", table->name, table->summary, text_of(&text));
    text_release(&text);
}

static int by_name(const void *a, const void *b) {
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* Configs of a folder and its folders. */
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
    Words words = {.most = 1};
    Arena arena = {0};
    argp_parse(&list_argp, argc, argv, 0, NULL, &words);
    const char *word = words.n ? words.items[0] : NULL;
    Tables tables = tables_all(program, &arena);
    const KindTable *wanted = word ? tables_find(&tables, word) : NULL;
    for (int i = 0; i < tables.n; i++)
        if (!word || wanted == tables.items[i])
            list_table(tables.items[i]);
    bool wants_configs = !word || strcmp(word, "configs") == 0 || strcmp(word, "config") == 0;
    if (wants_configs) {
        puts("configs: experiments to run");
        list_configs(program->configs, &arena);
    }
    arena_release(&arena);
    if (wanted || wants_configs)
        return EXIT_DONE;
    return command_fail(EXIT_USAGE, "there is no list of '%s'; `superpose list` shows all of them",
                        word);
}
