/* The sections that say what is kept and drawn: record, instruments, figures. */
#include "sim/experiment/internal.h"
#include "sim/metric/metric.h"

#include <string.h>

const Field record_fields[] = {
    {.name = "snapshots",
     .type = FIELD_CADENCE,
     .offset = offsetof(RecordSettings, snapshots),
     .fallback = "none",
     .help = "when a run's parameters are kept"},
    {.name = "metrics",
     .type = FIELD_CHOICES,
     .offset = offsetof(RecordSettings, metrics),
     .fallback = "[loss, feature_norm, interference, feature_dimensionality]",
     .table = &metric_table,
     .help = "measured at the end of a run"},
    {.name = "metrics_over_time",
     .type = FIELD_CHOICES,
     .offset = offsetof(RecordSettings, metrics_over_time),
     .fallback = "[loss]",
     .table = &metric_table,
     .help = "measured at every snapshot"},
    {.name = "loss_samples",
     .type = FIELD_INTEGER,
     .offset = offsetof(RecordSettings, loss_samples),
     .fallback = "65536",
     .minimum = 1,
     .maximum = 1e9,
     .unit = "samples",
     .help = "fresh samples behind a loss at the end of a run"},
    {.name = "loss_samples_over_time",
     .type = FIELD_INTEGER,
     .offset = offsetof(RecordSettings, loss_samples_over_time),
     .fallback = "4096",
     .minimum = 1,
     .maximum = 1e9,
     .unit = "samples",
     .help = "fresh samples behind a loss at a snapshot"},
};

const int n_record_fields = sizeof record_fields / sizeof *record_fields;

/* Measurements are stored by name, so each is made once. */
static void refuse_twice(const char *where, const Choices *choices, Problems *problems) {
    for (int i = 0; i < choices->n; i++)
        for (int k = 0; k < i; k++)
            if (choices->items[k].kind == choices->items[i].kind) {
                problem_add(problems, choices->items[i].place, "%s has %s twice", where,
                            choices->items[i].kind->name);
                break;
            }
}

void record_read(RecordSettings *record, const Yaml *node, Place place, Arena *arena,
                 Problems *problems) {
    fields_read(record_fields, n_record_fields, "record", node, place, record, NULL, 0, arena,
                problems);
    refuse_twice("record.metrics", &record->metrics, problems);
    refuse_twice("record.metrics_over_time", &record->metrics_over_time, problems);
}

void record_print(const RecordSettings *record, Text *text) {
    fields_print(record_fields, n_record_fields, record, text);
}

/* The name in a row, a word or a map with `kind`; NULL, with a problem, where there is none. */
static const Yaml *row_kind(const char *where, const Yaml *row, Problems *problems, Arena *arena) {
    const Yaml *kind = row->type == YAML_MAP ? yaml_get(row, "kind") : row;
    if (kind && kind->type == YAML_SCALAR && !yaml_is_empty(kind))
        return kind;
    problem_add(problems, kind ? kind->place : row->place,
                "%s takes names or maps with a kind, not %s", where,
                kind ? yaml_describe(kind, arena) : "a map without kind");
    return NULL;
}

/* The list, or NULL where there is none. */
static const Yaml *read_rows(const char *where, const Yaml *node, Problems *problems,
                             Arena *arena) {
    if (!node || yaml_is_empty(node))
        return NULL;
    if (node->type == YAML_LIST)
        return node;
    problem_add(problems, node->place, "%s takes a list, not %s", where,
                yaml_describe(node, arena));
    return NULL;
}

void instruments_check(const Yaml *node, Problems *problems, Arena *arena) {
    const Yaml *rows = read_rows("instruments", node, problems, arena);
    for (int i = 0; rows && i < rows->n; i++) {
        const Yaml *kind = row_kind("instruments", rows->items[i], problems, arena);
        if (kind)
            problem_add_unknown(problems, kind->place, "there is no instrument", kind->text, NULL,
                                0);
    }
}

const Yaml *figures_read(const Yaml *node, Problems *problems, Arena *arena) {
    const Yaml *rows = read_rows("figures", node, problems, arena);
    for (int i = 0; rows && i < rows->n; i++)
        row_kind("figures", rows->items[i], problems, arena);
    return rows;
}

const char *experiment_figure(const Yaml *row) {
    const Yaml *kind = row->type == YAML_MAP ? yaml_get(row, "kind") : row;
    const Yaml *name = row->type == YAML_MAP ? yaml_get(row, "name") : NULL;
    if (name && name->type == YAML_SCALAR && strcmp(name->text, "auto") != 0)
        return name->text;
    return kind && kind->type == YAML_SCALAR ? kind->text : NULL;
}
