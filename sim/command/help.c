/* superpose help: every command, every section of a config, every row of every table, and the
 * store. */
#include "sim/command/command.h"
#include "sim/command/tables.h"
#include "sim/experiment/experiment.h"
#include "sim/store/store.h"

#include <stdio.h>
#include <string.h>

static error_t parse(int key, char *value, struct argp_state *state) {
    Words *words = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        words_add(words, value, state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

const struct argp help_argp = {
    NULL,
    parse,
    "[TOPIC]",
    "Explains a command, a section of the config, the store, or any name that `list` shows.",
    NULL,
    NULL,
    NULL};

static void print_overview(void) {
    puts("superpose shows how neural networks pack more features than they have dimensions.\n\n"
         "usage: superpose COMMAND …\n");
    for (int i = 0; i < n_commands; i++)
        printf("  %-8s %s\n", commands[i].name, commands[i].summary);
    puts("\nstart:  superpose run configs/intro.yaml\n"
         "topics: `superpose help` with a command, a section of the config (data, task, model, "
         "train, record),\n"
         "        any name that `superpose list` shows, or `store`");
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
    if (strcmp(topic, "store") != 0)
        return false;
    fputs(store_schema(), stdout);
    return true;
}

static bool help_kinds(const char *topic) {
    bool is_found = false;
    Text text = {0};
    for (int i = 0; i < n_tables; i++) {
        const Kind *kind = kind_find(tables[i], topic);
        if (kind)
            kind_print(tables[i], kind, &text);
        if (table_is_meant(tables[i]->name, topic)) {
            text_add(&text, "%s – %s\n", tables[i]->name, tables[i]->summary);
            kind_table_print(tables[i], &text);
            fields_help(tables[i]->fields, tables[i]->n_fields, &text);
        }
        is_found = is_found || text.n;
    }
    fputs(text_of(&text), stdout);
    text_release(&text);
    return is_found;
}

static bool help_figures(const Program *program, const char *topic) {
    json_t *described = render_describe(program), *table, *kind, *field;
    const char *name;
    bool is_found = false;
    json_object_foreach(described, name, table) {
        size_t i, k;
        json_array_foreach(table, i, kind) {
            const char *kind_name = json_string_value(json_object_get(kind, "name"));
            if (!kind_name || strcmp(kind_name, topic) != 0)
                continue;
            is_found = true;
            printf("%s: %s\n", kind_name, json_string_value(json_object_get(kind, "summary")));
            json_array_foreach(json_object_get(kind, "settings"), k, field) printf(
                "  %-20s %s (%s; default %s)\n", json_string_value(json_object_get(field, "name")),
                json_string_value(json_object_get(field, "help")),
                json_string_value(json_object_get(field, "takes")),
                json_string_value(json_object_get(field, "default")));
        }
    }
    json_decref(described);
    return is_found;
}

ExitCode command_help(const Program *program, int argc, char **argv) {
    Words words = {0};
    argp_parse(&help_argp, argc, argv, 0, NULL, &words);
    if (words.n == 0) {
        print_overview();
        return EXIT_DONE;
    }
    const char *topic = words.items[0];
    if (help_command(topic) || help_sections(topic) || help_kinds(topic) ||
        help_figures(program, topic))
        return EXIT_DONE;
    return command_fail(EXIT_USAGE, "there is no help on '%s'; `superpose list` shows every name",
                        topic);
}
