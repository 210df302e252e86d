/* Sizes are those of the points' first restarts. Where no axis touches them, one point tells all.
 */
#include "sim/command/figures.h"

#include "sim/command/tables.h"

#include <string.h>

typedef struct Sizes {
    int n_features, n_hidden;
} Sizes;

/* The rows and the table that they are of; NULL: nothing is to be checked. */
static const KindTable *figure_kinds(const Program *program, const Experiment *experiment,
                                     Arena *arena) {
    if (!experiment->figures || !experiment->figures->n || !program->render)
        return NULL;
    Tables tables = tables_of_render(program, arena);
    return tables_find(&tables, "figures");
}

static bool read_row(const KindTable *kinds, const Yaml *row, Choice *figure, Arena *arena,
                     Problems *problems) {
    return choice_read(kinds, row, row->place, NULL, 0, figure, arena, problems);
}

void figures_check(const Program *program, const Experiment *experiment, Arena *arena,
                   Problems *problems) {
    const KindTable *kinds = figure_kinds(program, experiment, arena);
    Choice figure;
    for (int i = 0; kinds && i < experiment->figures->n; i++)
        read_row(kinds, experiment->figures->items[i], &figure, arena, problems);
}

/* Whether points may differ in sizes. */
static bool sizes_vary(const Experiment *experiment) {
    static const char *const keys[] = {"data",  "data.kind",  "data.n_features", "data.path",
                                       "model", "model.kind", "model.n_hidden"};
    for (int i = 0; i < experiment->n_axes; i++)
        for (int k = 0; k < experiment->axes[i].n_keys; k++)
            for (size_t s = 0; s < sizeof keys / sizeof *keys; s++)
                if (strcmp(experiment->axes[i].keys[k], keys[s]) == 0)
                    return true;
    return false;
}

static Sizes sizes_at(const Experiment *experiment, int64_t point) {
    Arena scratch = {0};
    Run run = experiment_run(experiment, point * experiment->restarts, &scratch);
    const Settings *settings = run.phases[0].settings;
    Sizes sizes = {(int)((const DataSettings *)settings->data.settings)->n_features,
                   (int)((const ModelSettings *)settings->model.settings)->n_hidden};
    arena_release(&scratch);
    return sizes;
}

static bool is_within(const int limits[2], int n) {
    return n >= limits[0] && (n <= limits[1] || !limits[1]);
}

static bool is_drawn(const DescribedKind *kind, Sizes sizes) {
    return is_within(kind->n_features, sizes.n_features) &&
           is_within(kind->n_hidden, sizes.n_hidden);
}

static bool has_setting(const Kind *kind, const char *name) {
    for (int i = 0; i < kind->n_fields; i++)
        if (strcmp(kind->fields[i].name, name) == 0)
            return true;
    return false;
}

/* The k-th point that a row shows: of its list, or of all; -1: there is none. */
static int64_t shown_point(const Experiment *experiment, const Yaml *row, int64_t k) {
    const Yaml *points = row->type == YAML_MAP ? yaml_get(row, "points") : NULL;
    long long point = k;
    if (points && points->type == YAML_LIST &&
        (k >= points->n || !yaml_is_integer(points->items[k], &point)))
        return -1;
    return point < experiment->n_points ? point : -1;
}

static void add_limits(const char *name, const int limits[2], Text *text) {
    if (!limits[0] && !limits[1])
        return;
    text_add(text, "%s%s ", text->n ? ", " : "", name);
    if (limits[0] == limits[1])
        text_add(text, "%d", limits[0]);
    else if (!limits[0])
        text_add(text, "up to %d", limits[1]);
    else
        text_add(text, "from %d to %d", limits[0], limits[1]);
}

static void refuse(const DescribedKind *kind, const Yaml *row, int64_t point, Sizes sizes,
                   Problems *problems) {
    Text wanted = {0};
    add_limits("n_features", kind->n_features, &wanted);
    add_limits("n_hidden", kind->n_hidden, &wanted);
    problem_add(problems, row->place,
                "the figure %s draws models of %s, and point %lld has n_features %d, n_hidden %d",
                kind->kind.name, text_of(&wanted), (long long)point, sizes.n_features,
                sizes.n_hidden);
    text_release(&wanted);
}

static void check_row(const Experiment *experiment, const DescribedKind *kind, const Yaml *row,
                      Problems *problems) {
    bool shows_all = has_setting(&kind->kind, "points"), is_any_drawn = false;
    int64_t refused = -1, n = sizes_vary(experiment) ? INT64_MAX : 1, point;
    Sizes refused_sizes = {0, 0};
    for (int64_t k = 0; k < n && (point = shown_point(experiment, row, k)) >= 0; k++) {
        Sizes sizes = sizes_at(experiment, point);
        if (is_drawn(kind, sizes)) {
            is_any_drawn = true;
        } else if (refused < 0) {
            refused = point;
            refused_sizes = sizes;
        }
    }
    if (refused >= 0 && (shows_all || !is_any_drawn))
        refuse(kind, row, refused, refused_sizes, problems);
}

void figures_check_sizes(const Program *program, const Experiment *experiment, Arena *arena,
                         Problems *problems) {
    const KindTable *kinds = figure_kinds(program, experiment, arena);
    Choice figure;
    for (int i = 0; kinds && i < experiment->figures->n; i++) {
        const Yaml *row = experiment->figures->items[i];
        if (read_row(kinds, row, &figure, arena, problems))
            check_row(experiment, (const DescribedKind *)figure.kind, row, problems);
    }
}
