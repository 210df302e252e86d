/* Checks before anything is trained.
 *
 * A field's problem depends on its own value alone, so the base is read with each axis value in
 * turn, not with the whole grid. What depends on several settings is check_open.c's. */
#include "sim/experiment/checker.h"

#include "sim/metric/metric.h"

#include <string.h>

static void check_change_steps(Checker *checker, const TrainSettings *train) {
    const struct Resolver *resolver = checker->experiment->resolver;
    for (int i = 0; i < resolver->n_changes; i++)
        if (resolver->changes[i].step >= train->steps)
            problem_add(checker->problems, resolver->changes[i].place,
                        "a change's step takes integer < train.steps (%lld), not %lld",
                        (long long)train->steps, (long long)resolver->changes[i].step);
}

/* Reads one section with the values being tried, before and after all changes. */
static void check_section(Checker *checker, Section section) {
    const struct Resolver *resolver = checker->experiment->resolver;
    Settings settings = {.train.seed = 0};
    int n_before = checker->problems->n_reports;
    checker->is_whole &= section_resolve(checker->experiment, section, checker->values, 0,
                                         &settings, &checker->scratch, checker->problems);
    if (section == SECTION_TRAIN && checker->problems->n_reports == n_before &&
        !resolver->is_broken[section])
        check_change_steps(checker, &settings.train);
    if (checker->has_changes)
        section_resolve(checker->experiment, section, checker->values, resolver->n_changes,
                        &settings, &checker->scratch, checker->problems);
}

static bool is_kind_swept(const Experiment *experiment, Section section) {
    for (int i = 0; i < experiment->n_axes; i++)
        for (int k = 0; k < experiment->axes[i].n_keys; k++)
            if (chooses_kind(experiment->axes[i].keys[k], section_names[section]))
                return true;
    return false;
}

/* The field of a number or word that a key sets, in a section that has one kind: whether a value
 * fits is known without the rest of the section. NULL: the key is another one, or how many steps
 * there are, which changes must come before. */
static const Field *lone_field(const Checker *checker, const char *key) {
    const char *name;
    Section section = section_of(key, &name);
    bool ends_changes = checker->experiment->resolver->n_changes && strcmp(key, "train.steps") == 0;
    if (ends_changes || section == N_SECTIONS || is_kind_swept(checker->experiment, section))
        return NULL;
    const Kind *kind =
        section == SECTION_TRAIN ? NULL : section_choice(checker->base, section)->kind;
    if (!kind && section != SECTION_TRAIN)
        return NULL;
    const Field *field = section_field(section, kind, name, strlen(name));
    bool is_lone = field && (field->type == FIELD_INTEGER || field->type == FIELD_REAL ||
                             field->type == FIELD_WORD || field->type == FIELD_BOOL);
    return is_lone ? field : NULL;
}

static bool has_lone_fields(const Checker *checker, const Axis *axis) {
    for (int k = 0; k < axis->n_keys; k++)
        if (!lone_field(checker, axis->keys[k]))
            return false;
    return true;
}

/* Reads a value of an axis by itself. */
static void check_lone(Checker *checker, const YamlPair *pair) {
    Field field = *lone_field(checker, pair->key);
    FeatureValues value; /* no field's is larger */
    YamlPair own = {field.name, pair->place, pair->value};
    Yaml map = {.type = YAML_MAP, .place = pair->place, .n = 1, .pairs = &own};
    field.offset = 0;
    fields_read(&field, 1, section_names[section_of(pair->key, NULL)], &map, pair->place, &value,
                NULL, 0, &checker->scratch, checker->problems);
}

static void check_value(Checker *checker, const Axis *axis, int64_t v, bool is_lone) {
    for (int k = 0; is_lone && k < axis->n_keys; k++)
        check_lone(checker, &axis->values[v * axis->n_keys + k]);
    for (int s = 0; !is_lone && s < N_SECTIONS; s++)
        if (axis_touches(axis, (Section)s))
            check_section(checker, (Section)s);
}

/* An axis may have a million values; after so many bad ones the user has seen enough. */
enum { MOST_BAD_VALUES = 200 };

static void check_axis(Checker *checker, int axis) {
    const Axis *values = &checker->experiment->axes[axis];
    int n_before = checker->problems->n_reports;
    bool is_lone = has_lone_fields(checker, values);
    for (int v = 1; v < values->n_values; v++) {
        if (checker->problems->n_reports - n_before > MOST_BAD_VALUES) {
            checker->problems->is_cut = true;
            break;
        }
        checker->values[axis] = v;
        check_value(checker, values, v, is_lone);
        if (v % 256 == 0)
            arena_release(&checker->scratch);
    }
    checker->values[axis] = 0;
    arena_release(&checker->scratch);
}

static void list_live(const char *where, const Field *fields, int n_fields, Text *text) {
    for (int i = 0; i < n_fields; i++)
        if (fields[i].is_live)
            text_add(text, "%s%s.%s", text->n ? ", " : "", where, fields[i].name);
}

static void refuse_change(const Settings *settings, const YamlPair *pair, Problems *problems) {
    const Choice *choices[] = {&settings->data, &settings->task, &settings->model};
    Text text = {0};
    for (int s = 0; s < SECTION_TRAIN; s++) {
        const KindTable *table = choice_table_at(section_names[s]);
        list_live(section_names[s], table->fields, table->n_fields, &text);
        list_live(section_names[s], choices[s]->kind->fields, choices[s]->kind->n_fields, &text);
    }
    list_live("train", train_fields, n_train_fields, &text);
    list_live("train.schedule", schedule_table.fields, schedule_table.n_fields, &text);
    problem_add(problems, pair->place, "\"%s\" cannot change while a run trains; these can: %s",
                pair->key, text_of(&text));
    text_release(&text);
}

bool change_check(const Experiment *experiment, const Settings *settings, const YamlPair *pair,
                  Problems *problems) {
    const void *owner;
    const char *rest = "";
    const Field *field = settings_field(settings, pair->key, &owner);
    Section section = section_of(pair->key, &rest);
    if (field ? field->is_live : section != N_SECTIONS && *rest)
        return has_form(experiment, pair, problems);
    refuse_change(settings, pair, problems);
    return false;
}

/* Refused sets are dropped, so that they lead to no other complaints. */
static void check_sets(Checker *checker, const Settings *settings) {
    struct Resolver *resolver = checker->experiment->resolver;
    for (int i = 0; i < resolver->n_changes; i++) {
        Change *change = &resolver->changes[i];
        int n = 0;
        for (int k = 0; k < change->n_sets; k++)
            if (change_check(checker->experiment, settings, &change->sets[k].pair,
                             checker->problems))
                change->sets[n++] = change->sets[k];
        change->n_sets = n;
    }
    changes_link(resolver->changes, resolver->n_changes);
}

/* Of other runs than the config's own they are not asked; who forces them is told then. */
static void check_claim_features(const Checker *checker) {
    if (checker->experiment->changes_runs)
        return;
    for (int i = 0; i < checker->experiment->n_claims; i++) {
        const Claim *claim = &checker->experiment->claims[i];
        if (claim->feature >= checker->n_features)
            problem_add(checker->problems, claim->place,
                        "feature takes an index in [0, %lld], not %lld",
                        (long long)checker->n_features - 1, (long long)claim->feature);
    }
}

/* A metric that would fail at the end of a run is refused before it. */
static void check_metric_size(const Checker *checker, const MetricKind *metric, Place place) {
    if (metric && metric->max_features && checker->n_features > metric->max_features)
        problem_add(checker->problems, place,
                    "%s is measured up to %d features, and there are %lld", metric->kind.name,
                    metric->max_features, (long long)checker->n_features);
    if (metric && metric->max_rank && checker->rank > metric->max_rank)
        problem_add(checker->problems, place,
                    "%s is measured up to %d features or hidden dimensions, and there are %lld",
                    metric->kind.name, metric->max_rank, (long long)checker->rank);
}

static void check_metric_sizes(const Checker *checker) {
    const Experiment *experiment = checker->experiment;
    const Choices *lists[] = {&experiment->record.metrics, &experiment->record.metrics_over_time};
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < lists[k]->n; i++)
            check_metric_size(checker, (const MetricKind *)lists[k]->items[i].kind,
                              lists[k]->items[i].place);
    for (int i = 0; i < experiment->summaries.n; i++) {
        const Choice *row = &experiment->summaries.items[i];
        int n;
        const char *const *names = summary_reads(row, experiment->arena, &n);
        for (int k = 0; k < n; k++)
            check_metric_size(checker, metric_making(names[k]), row->place);
    }
    for (int i = 0; i < experiment->n_claims; i++)
        if (experiment->claims[i].name && strcmp(experiment->claims[i].maker, "metric") == 0)
            check_metric_size(checker, metric_making(experiment->claims[i].name),
                              experiment->claims[i].place);
}

/* A summary that follows runs needs snapshots to follow them by. */
static void check_snapshots(const Experiment *experiment, Problems *problems) {
    for (int i = 0; i < experiment->summaries.n; i++) {
        const Choice *row = &experiment->summaries.items[i];
        if (((const SummaryKind *)row->kind)->over_time &&
            experiment->record.snapshots.form == CADENCE_NONE)
            problem_add(problems, row->place,
                        "%s follows runs while they train: record.snapshots must say when",
                        row->kind->name);
    }
}

void experiment_check(const Experiment *experiment, Problems *problems) {
    Settings settings = {.train.seed = 0};
    Checker checker = {.experiment = experiment,
                       .problems = problems,
                       .base = &settings,
                       .values = ARENA_NEW(experiment->arena, int64_t, experiment->n_axes),
                       .is_whole = true};
    int n_before = problems->n;
    bool is_readable = true;
    for (int s = 0; s < N_SECTIONS; s++)
        is_readable &= section_resolve(experiment, (Section)s, checker.values, 0, &settings,
                                       experiment->arena, problems);
    if (is_readable)
        check_sets(&checker, &settings);
    checker.has_changes = is_readable && experiment->resolver->n_changes;
    for (int s = 0; s < N_SECTIONS; s++)
        check_section(&checker, (Section)s);
    for (int i = 0; i < experiment->n_axes; i++)
        check_axis(&checker, i);
    check_snapshots(experiment, problems);
    if (is_readable && checker.is_whole && problems->n == n_before) {
        check_opens(&checker, &settings);
        check_claim_features(&checker);
        check_metric_sizes(&checker);
    }
    arena_release(&checker.scratch);
}
