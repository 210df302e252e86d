/* superpose help: every command, every section of a config, every row of every table, and the
 * store. */
#include "sim/command/command.h"
#include "sim/command/tables.h"
#include "sim/command/topics.h"
#include "sim/experiment/experiment.h"
#include "sim/store/store.h"

#include <stdio.h>
#include <string.h>

const struct argp help_argp = {NULL,
                               words_parse,
                               "[TOPIC]",
                               "Explains a command, a section or a setting of the config, the "
                               "store, or any name that `list` shows.",
                               NULL,
                               NULL,
                               NULL};

static void print_overview(const Program *program) {
    puts("superpose shows how neural networks pack more features than they have dimensions.\n\n"
         "usage: superpose COMMAND …\n");
    for (int i = 0; i < n_commands; i++)
        printf("  %-8s %s\n", commands[i].name, commands[i].summary);
    printf("\nstart:  superpose run %s/intro.yaml\n", program->configs);
    puts("topics: `superpose help` with a command, `config`, one of its sections or settings, "
         "`store`,\n"
         "        `isa`, or any name that `superpose list` shows");
}

static bool help_command(const char *topic) {
    for (int i = 0; i < n_commands; i++)
        if (strcmp(topic, commands[i].name) == 0) {
            char name[64];
            snprintf(name, sizeof name, "superpose %s", topic);
            argp_help(commands[i].argp, stdout,
                      ARGP_HELP_USAGE | ARGP_HELP_PRE_DOC | ARGP_HELP_LONG, name);
            return true;
        }
    return false;
}

static bool help_fields(const char *topic, const char *name, const char *summary,
                        const Field *fields, int n) {
    if (strcmp(topic, name) != 0)
        return false;
    Text text = {0};
    text_add(&text, "%s: %s\n", name, summary);
    fields_help(fields, n, &text);
    fputs(text_of(&text), stdout);
    text_release(&text);
    return true;
}

static bool help_sections(const char *topic) {
    if (help_fields(topic, "train", "how a model is trained", train_fields, n_train_fields) ||
        help_fields(topic, "record", "what is kept of a run", record_fields, n_record_fields))
        return true;
    const Topic *found = topic_find(topic);
    if (!found && strcmp(topic, "store") != 0)
        return false;
    Text text = {0};
    text_append(&text, found ? found->text : store_schema());
    if (found && found->add)
        found->add(&text);
    fputs(text_of(&text), stdout);
    text_release(&text);
    return true;
}

static bool help_kinds(const Program *program, const char *topic) {
    Arena arena = {0};
    Text text = {0};
    Tables tables = tables_all(program, &arena);
    const KindTable *table = tables_find(&tables, topic);
    if (table) {
        text_add(&text, "%s: %s\n", table->name, table->summary);
        kind_table_print(table, &text);
        if (table->n_fields)
            text_append(&text, "settings of all of them:\n");
        fields_help(table->fields, table->n_fields, &text);
    }
    for (int i = 0; i < tables.n; i++) {
        const Kind *kind = kind_find(tables.items[i], topic);
        if (kind)
            kind_print(tables.items[i], kind, &text);
        if (kind && tables.items[i] == &summary_table)
            summary_parts_print((const SummaryKind *)kind, &text);
    }
    bool is_found = text.n > 0;
    fputs(text_of(&text), stdout);
    text_release(&text);
    arena_release(&arena);
    return is_found;
}

static void help_named(const char *name, const char *where, const Field *fields, int n,
                       Text *text) {
    for (int i = 0; i < n; i++)
        if (strcmp(fields[i].name, name) == 0) {
            text_add(text, "a setting of %s:\n", where);
            fields_help(&fields[i], 1, text);
        }
}

/* A setting, by its name (steps) or path (train.steps), wherever it is one. */
static bool help_setting(const Program *program, const char *topic) {
    Arena arena = {0};
    Text text = {0};
    Tables tables = tables_all(program, &arena);
    const char *dot = strrchr(topic, '.'), *name = dot ? dot + 1 : topic;
    for (int i = 0; i < tables.n; i++) {
        const KindTable *table = tables.items[i];
        help_named(name, table->name, table->fields, table->n_fields, &text);
        for (int k = 0; k < table->n_rows; k++)
            help_named(name, table->rows[k]->name, table->rows[k]->fields, table->rows[k]->n_fields,
                       &text);
    }
    help_named(name, "train", train_fields, n_train_fields, &text);
    help_named(name, "record", record_fields, n_record_fields, &text);
    fputs(text_of(&text), stdout);
    bool is_found = text.n > 0;
    text_release(&text);
    arena_release(&arena);
    return is_found;
}

ExitCode command_help(const Program *program, int argc, char **argv) {
    Words words = {.most = 1};
    argp_parse(&help_argp, argc, argv, 0, NULL, &words);
    if (words.n == 0) {
        print_overview(program);
        return EXIT_DONE;
    }
    const char *topic = words.items[0];
    if (help_command(topic)) {
        if (strcmp(topic, "record") == 0) { /* a section of the config, too */
            puts("");
            help_sections(topic);
        }
        return EXIT_DONE;
    }
    if (help_sections(topic) || help_kinds(program, topic) || help_setting(program, topic))
        return EXIT_DONE;
    return command_fail(EXIT_USAGE, "there is no help on '%s'; `superpose list` shows every name",
                        topic);
}
