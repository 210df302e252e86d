/* The section `summaries`: rows of kinds, like figures, whose settings name axes and columns of
 * runs. What a row names must be there, and no two rows, nor a row and a metric, may make
 * measurements of one name. */
#include "sim/experiment/internal.h"
#include "sim/metric/metric.h"
#include "sim/store/column.h"

#include <ctype.h>
#include <string.h>

/* What the checks of a row share. */
typedef struct RowCheck {
    const Experiment *experiment; /* with the rows before this one */
    const Choice *row;
    const Yaml *node; /* as written; NULL: a claim named the kind */
    Problems *problems;
} RowCheck;

static const Field *field_of(const Choice *row, const char *setting) {
    return field_find(row->kind->fields, row->kind->n_fields, setting, strlen(setting));
}

/* Where a text setting of the row is kept. */
static const char **text_at(const Choice *row, const char *setting) {
    return (const char **)((char *)row->settings + field_of(row, setting)->offset);
}

static const Yaml *tree_at(const Choice *row, const char *setting) {
    return *(const Yaml **)((char *)row->settings + field_of(row, setting)->offset);
}

static Place place_of(const RowCheck *check, const char *setting) {
    const Yaml *value =
        check->node && check->node->type == YAML_MAP ? yaml_get(check->node, setting) : NULL;
    return value ? value->place : check->row->place;
}

static const char *const run_columns[] = {"loss", "seed", "restart", "point"};
enum { N_RUN_COLUMNS = sizeof run_columns / sizeof *run_columns };

/* Whether a summary of each run among the rows so far makes it. */
static bool is_summary_column(const Experiment *experiment, const char *name) {
    for (int i = 0; i < experiment->summaries.n; i++) {
        const Choice *row = &experiment->summaries.items[i];
        if (((const SummaryKind *)row->kind)->is_per_run && summary_part(row, name))
            return true;
    }
    return false;
}

static bool is_column(const Experiment *experiment, const char *text, const char *measurement) {
    int key;
    for (int i = 0; i < N_RUN_COLUMNS; i++)
        if (strcmp(run_columns[i], text) == 0)
            return true;
    return axis_find(experiment, text, &key) || metric_making(measurement) ||
           is_summary_column(experiment, measurement);
}

static void refuse_column(const RowCheck *check, const char *setting, const char *name) {
    int n_axes, n_metrics, n = 0;
    const char **axes = axis_names(check->experiment, &n_axes);
    const char **metrics = metric_measurements(check->experiment->arena, &n_metrics);
    const char **names =
        ARENA_NEW(check->experiment->arena, const char *, N_RUN_COLUMNS + n_axes + n_metrics);
    for (int i = 0; i < n_axes; i++)
        names[n++] = axes[i];
    for (int i = 0; i < N_RUN_COLUMNS; i++)
        names[n++] = run_columns[i];
    for (int i = 0; i < n_metrics; i++)
        names[n++] = metrics[i];
    problem_add_unknown(check->problems, place_of(check, setting),
                        "runs have no axis and no measurement", name, names, n);
}

static void check_column(const RowCheck *check, const char *setting, const char *text) {
    const char *measurement;
    StoreEntry entry;
    Error error = {0};
    text = store_column_name(text);
    if (!store_entry_read(text, check->experiment->arena, &measurement, &entry, &error))
        problem_add(check->problems, place_of(check, setting), "%s", error.text);
    else if (!is_column(check->experiment, text, measurement))
        refuse_column(check, setting, measurement);
}

/* auto is the only axis; where there are several, one must be named. */
static void find_axis(const RowCheck *check, const char *setting) {
    int n;
    const char **names = axis_names(check->experiment, &n);
    if (n == 1)
        *text_at(check->row, setting) = names[0];
    else
        problem_add(check->problems, check->row->place,
                    "summaries.%s must be given where the sweep has %d axes", setting, n);
}

static void check_axis_setting(const RowCheck *check, const char *setting, SummaryRole role) {
    const char *text = *text_at(check->row, setting);
    int key;
    if (strcmp(text, "auto") == 0)
        find_axis(check, setting);
    else if (role == SUMMARY_X)
        check_column(check, setting, text);
    else
        axis_check(check->experiment, text, place_of(check, setting), &key, check->problems);
}

/* Each value is one that the column `by` has, where that is an axis. */
static void check_values(const RowCheck *check, const char *setting) {
    const Yaml *values = tree_at(check->row, setting);
    int key;
    if (!values)
        return;
    if (values->type != YAML_LIST || !values->n) {
        problem_add(check->problems, values->place, "summaries.%s takes a list of values, not %s",
                    setting, yaml_describe(values, check->experiment->arena));
        return;
    }
    const Axis *axis = axis_find(check->experiment, *text_at(check->row, "by"), &key);
    for (int i = 0; axis && !check->experiment->changes_runs && i < values->n; i++)
        axis_value_check(check->experiment, axis, key, values->items[i], check->problems);
}

static void check_uses(const RowCheck *check) {
    const SummaryKind *kind = (const SummaryKind *)check->row->kind;
    for (int i = 0; i < kind->n_uses; i++) {
        const char *setting = kind->uses[i].setting;
        switch (kind->uses[i].role) {
        case SUMMARY_AXIS:
        case SUMMARY_X:
            check_axis_setting(check, setting, kind->uses[i].role);
            break;
        case SUMMARY_COLUMN:
            if (strcmp(*text_at(check->row, setting), "none") != 0)
                check_column(check, setting, *text_at(check->row, setting));
            break;
        case SUMMARY_VALUES:
            check_values(check, setting);
            break;
        }
    }
}

static const char *part_name(const Choice *row, const SummaryPart *part, Arena *arena) {
    const char *name = summary_name(row);
    return part->ending ? arena_print(arena, "%s_%s", name, part->ending) : name;
}

/* Names that files of results give to something else. */
static const char *const reserved[] = {"W",       "W2",    "b",     "b_hidden", "M",    "W_in",
                                       "W_out",   "b_out", "W_E",   "step",     "loss", "seed",
                                       "restart", "best",  "point", "axes"};

static bool is_reserved(const char *name) {
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(reserved[i], name) == 0)
            return true;
    return metric_making(name) != NULL;
}

static void check_part(const RowCheck *check, const char *name) {
    const Choices *rows = &check->experiment->summaries;
    Place place = place_of(check, "name");
    if (is_reserved(name)) {
        problem_add(check->problems, place, "summaries: %s is the name of another result", name);
        return;
    }
    for (int i = 0; i < rows->n; i++)
        if (summary_part(&rows->items[i], name)) {
            problem_add(check->problems, place,
                        "summaries: two rows make %s: give one another name:", name);
            return;
        }
}

static void check_names(const RowCheck *check) {
    const SummaryKind *kind = (const SummaryKind *)check->row->kind;
    const char *name = summary_name(check->row);
    bool is_word = isalpha((unsigned char)*name);
    for (const char *c = name; *c; c++)
        is_word = is_word && (isalnum((unsigned char)*c) || *c == '_');
    if (!is_word) {
        problem_add(check->problems, place_of(check, "name"),
                    "summaries: a name has letters, digits and _, and begins with a letter; %s "
                    "is none",
                    name);
        return;
    }
    int n_before = check->problems->n_reports;
    for (int i = 0; i < kind->n_parts && check->problems->n_reports == n_before; i++)
        check_part(check, part_name(check->row, &kind->parts[i], check->experiment->arena));
}

/* Whether the row asks for an axis that is gone, because an override took it away. */
static bool misses_axis(const Experiment *experiment, const Choice *row) {
    const SummaryKind *kind = (const SummaryKind *)row->kind;
    const Yaml *at = ((const SummarySettings *)row->settings)->at;
    bool misses = false;
    int key, n;
    axis_names(experiment, &n);
    for (int i = 0; at && at->type == YAML_MAP && i < at->n; i++)
        misses = misses || !axis_find(experiment, at->pairs[i].key, &key);
    for (int i = 0; i < kind->n_uses; i++) {
        SummaryRole role = kind->uses[i].role;
        const char *text = role == SUMMARY_VALUES ? "none" : *text_at(row, kind->uses[i].setting);
        bool is_axis = role == SUMMARY_AXIS || section_of(text, NULL) != N_SECTIONS;
        if (strcmp(text, "auto") == 0)
            misses = misses || n != 1;
        else
            misses = misses || (is_axis && !axis_find(experiment, text, &key));
    }
    return misses;
}

/* Adds a row to the experiment's, and checks it unless its settings could not be read: claims may
 * name it in any case. */
static void add_row(Experiment *experiment, Choice *row, const Yaml *node, bool is_read,
                    Problems *problems) {
    SummarySettings *settings = row->settings;
    const SummaryKind *kind = (const SummaryKind *)row->kind;
    RowCheck check = {experiment, row, node, problems};
    int n_before = problems->n_reports;
    if (!settings->name || strcmp(settings->name, "auto") == 0)
        settings->name = row->kind->name;
    if (is_read && experiment->changes_runs && misses_axis(experiment, row)) {
        experiment->left_out.items[experiment->left_out.n++] = *row;
        return;
    }
    if (is_read) {
        check_names(&check);
        at_check(experiment, settings->at, "summaries", problems);
        check_uses(&check);
    }
    if (kind->check && problems->n_reports == n_before && is_read)
        kind->check(row->settings, row->place, problems);
    experiment->summaries.items[experiment->summaries.n++] = *row;
}

void summaries_read(Experiment *experiment, const Yaml *node, int n_more, Problems *problems) {
    int n = node && node->type == YAML_LIST ? node->n : 0;
    experiment->summaries = (Choices){ARENA_NEW(experiment->arena, Choice, n + n_more), 0};
    experiment->left_out = (Choices){ARENA_NEW(experiment->arena, Choice, n + n_more), 0};
    if (node && !yaml_is_empty(node) && node->type != YAML_LIST)
        problem_add(problems, node->place, "summaries takes a list, not %s",
                    yaml_describe(node, experiment->arena));
    for (int i = 0; i < n; i++) {
        Choice row;
        int n_before = problems->n_reports;
        if (choice_read_at(&summary_table, "summaries", node->items[i], node->items[i]->place, NULL,
                           0, &row, experiment->arena, problems))
            add_row(experiment, &row, node->items[i], problems->n_reports == n_before, problems);
    }
}

static const Choice *row_making(const Choices *rows, const char *name, const SummaryPart **part) {
    for (int i = 0; i < rows->n; i++) {
        *part = summary_part(&rows->items[i], name);
        if (*part)
            return &rows->items[i];
    }
    return NULL;
}

const Choice *summary_making(const Experiment *experiment, const char *name,
                             const SummaryPart **part) {
    return row_making(&experiment->summaries, name, part);
}

/* The kind that would make it under its own name; NULL: none. */
static const Kind *kind_making(const char *name, const SummaryPart **part) {
    for (int i = 0; i < summary_table.n_rows; i++) {
        SummarySettings settings = {.name = summary_table.rows[i]->name};
        const Choice bare = {.kind = summary_table.rows[i], .settings = &settings};
        *part = summary_part(&bare, name);
        if (*part)
            return bare.kind;
    }
    return NULL;
}

static bool is_row(const Choices *rows, const char *name) {
    for (int i = 0; i < rows->n; i++)
        if (strcmp(summary_name(&rows->items[i]), name) == 0)
            return true;
    return false;
}

/* Names of all measurements that the rows make: [n]. */
static const char **part_names(const Experiment *experiment, int *n) {
    const Choices *rows = &experiment->summaries;
    int capacity = 0;
    for (int i = 0; i < rows->n; i++)
        capacity += ((const SummaryKind *)rows->items[i].kind)->n_parts;
    const char **names = ARENA_NEW(experiment->arena, const char *, capacity);
    *n = 0;
    for (int i = 0; i < rows->n; i++) {
        const SummaryKind *kind = (const SummaryKind *)rows->items[i].kind;
        for (int k = 0; k < kind->n_parts; k++)
            names[(*n)++] = part_name(&rows->items[i], &kind->parts[k], experiment->arena);
    }
    return names;
}

/* Tells the nearest of what rows make, or else the names of rows and kinds. */
static void refuse_summary(const Experiment *experiment, const char *name, Place place,
                           Problems *problems) {
    const Choices *rows = &experiment->summaries;
    int n;
    const char **names = part_names(experiment, &n);
    if (!text_nearest(name, names, n)) {
        names = ARENA_NEW(experiment->arena, const char *, rows->n + summary_table.n_rows);
        n = 0;
        for (int i = 0; i < rows->n; i++)
            names[n++] = summary_name(&rows->items[i]);
        for (int i = 0; i < summary_table.n_rows; i++)
            if (!is_row(rows, summary_table.rows[i]->name))
                names[n++] = summary_table.rows[i]->name;
    }
    problem_add_unknown(problems, place, "there is no summary", name, names, n);
}

const Choice *summary_claimed(Experiment *experiment, const char *name, Place place,
                              const SummaryPart **part, Problems *problems) {
    const Choice *row = summary_making(experiment, name, part);
    row = row ? row : row_making(&experiment->left_out, name, part);
    if (row)
        return row;
    const Kind *kind = kind_making(name, part);
    if (!kind) {
        refuse_summary(experiment, name, place, problems);
        return NULL;
    }
    Problems unsaid = {.arena = experiment->arena};
    Choice bare;
    int n_before = experiment->summaries.n;
    if (choice_read_at(&summary_table, "summaries",
                       yaml_scalar(kind->name, place, experiment->arena), place, NULL, 0, &bare,
                       experiment->arena, &unsaid))
        add_row(experiment, &bare, NULL, !unsaid.n, &unsaid);
    if (unsaid.n) {
        experiment->summaries.n = n_before;
        problem_add(problems, place, "%s needs settings: give it a row in summaries", kind->name);
        return NULL;
    }
    return experiment->summaries.n > n_before ? &experiment->summaries.items[n_before] : NULL;
}

const char *const *summary_reads(const Choice *row, Arena *arena, int *n) {
    const SummaryKind *kind = (const SummaryKind *)row->kind;
    int n_needs = 0;
    while (kind->needs && kind->needs[n_needs])
        n_needs++;
    const char **names = ARENA_NEW(arena, const char *, n_needs + kind->n_uses);
    for (*n = 0; *n < n_needs; ++*n)
        names[*n] = kind->needs[*n];
    for (int i = 0; i < kind->n_uses; i++) {
        StoreEntry entry;
        Error unsaid = {0};
        if (kind->uses[i].role == SUMMARY_COLUMN || kind->uses[i].role == SUMMARY_X)
            *n += store_entry_read(store_column_name(*text_at(row, kind->uses[i].setting)), arena,
                                   &names[*n], &entry, &unsaid);
    }
    return names;
}
