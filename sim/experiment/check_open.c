/* What depends on several settings at once: the length of a list and n_features, the probability of
 * a set and its size, the memory of a model. It is found by opening what a run would open.
 *
 *     data                 for all combinations of the axes in data: each may have a say
 *     task, model, data    for all combinations of those axes that can change sizes, kinds or
 *                          lengths; the values of other axes one by one
 *
 * Where that would be too many, the values of each axis are tried beside the base. */
#include "sim/experiment/checker.h"

#include "sim/experiment/init_from.h"
#include "sim/model/task.h"

#include <string.h>

/* No more combinations than this are opened, of all that is opened and of data alone, and no more
 * values of one harmless axis. */
enum { MOST_OPENED = 2048, MOST_DATA_OPENED = 20000 };

/* The place of a setting in its section, or of the section. */
static Place setting_place(const Checker *checker, Section section, const char *name,
                           Place fallback) {
    const Experiment *experiment = checker->experiment;
    for (int i = 0; i < experiment->n_axes; i++)
        for (int k = 0; k < experiment->axes[i].n_keys; k++) {
            const Axis *axis = &experiment->axes[i];
            const char *rest;
            if (section_of(axis->keys[k], &rest) == section && strcmp(rest, name) == 0)
                return axis->values[checker->values[i] * axis->n_keys + k].value->place;
        }
    const Yaml *node = experiment->resolver->nodes[section];
    const Yaml *value = node ? yaml_get(node, name) : NULL;
    return value ? value->place : fallback;
}

/* Adds what went wrong; after a change, at its place. */
static void add_problem(Checker *checker, const Change *change, Place place, Error *error) {
    if (change) {
        error_prefix(error, "from step %lld: ", (long long)change->step);
        place = change->place;
    }
    problem_add(checker->problems, place, "%s", error->text);
}

/* Lists with one number for each feature; the problem is at the list. */
static bool check_lists(Checker *checker, Section section, const Choice *choice,
                        const Field *fields, int n_fields, int64_t n_features) {
    bool fits = true;
    for (int i = 0; i < n_fields; i++) {
        if (fields[i].type != FIELD_FEATURES)
            continue;
        const FeatureValues *values =
            (const void *)((const char *)choice->settings + fields[i].offset);
        if (values->form != FORM_LIST || values->n == n_features)
            continue;
        problem_add(checker->problems, values->place,
                    "%s.%s is a list of %d numbers, but there are %lld features",
                    section_names[section], fields[i].name, values->n, (long long)n_features);
        fits = false;
    }
    return fits;
}

static bool check_choice_lists(Checker *checker, Section section, const Choice *choice,
                               int64_t n_features) {
    const KindTable *table = choice_table_at(section_names[section]);
    bool fits = check_lists(checker, section, choice, table->fields, table->n_fields, n_features);
    return check_lists(checker, section, choice, choice->kind->fields, choice->kind->n_fields,
                       n_features) &&
           fits;
}

/* Only what needs no settings may be asked of opened.data: they are the caller's. */
static bool open_data(Checker *checker, const Settings *settings, Error *error) {
    Opened *opened = &checker->opened;
    Text text = {0};
    section_print(SECTION_DATA, settings, &text);
    bool is_open = opened->text.n && strcmp(text_of(&text), text_of(&opened->text)) == 0;
    if (!is_open) {
        arena_release(&opened->arena);
        text_release(&opened->text);
        is_open = data_open(&opened->data, &settings->data, &opened->arena, error);
        if (is_open)
            text_append(&opened->text, text_of(&text));
    }
    text_release(&text);
    return is_open;
}

static bool check_data(Checker *checker, const Change *change, const Settings *settings) {
    Error error = {0};
    int64_t n_features = ((const DataSettings *)settings->data.settings)->n_features;
    if (!check_choice_lists(checker, SECTION_DATA, &settings->data, n_features))
        return false;
    if (open_data(checker, settings, &error))
        return true;
    add_problem(checker, change, setting_place(checker, SECTION_DATA, "path", settings->data.place),
                &error);
    return false;
}

/* The task, too; where its data could not be opened, its lists alone. */
static void check_task(Checker *checker, const Change *change, bool has_data,
                       const Settings *settings) {
    Error error = {0};
    Task task;
    int64_t n_features = ((const DataSettings *)settings->data.settings)->n_features;
    if (check_choice_lists(checker, SECTION_TASK, &settings->task, n_features) && has_data &&
        (!task_open(&task, &settings->task, (int)n_features, &checker->scratch, &error) ||
         !task_suits(&task, &checker->opened.data, &error)))
        add_problem(checker, change, settings->task.place, &error);
}

void check_phase(Checker *checker, const Change *change, const Settings *settings) {
    check_task(checker, change, check_data(checker, change, settings), settings);
}

/* A section of a run with the values being tried, after so many changes. */
static void resolve(Checker *checker, Section section, int n_changes, Settings *settings) {
    section_resolve(checker->experiment, section, checker->values, n_changes, settings,
                    &checker->scratch, checker->problems);
}

/* The last of so many changes; NULL: none. */
static const Change *last_change(const Checker *checker, int n_changes) {
    return n_changes ? &checker->experiment->resolver->changes[n_changes - 1] : NULL;
}

static void check_model(Checker *checker, int64_t n_features, Settings *settings) {
    Error error = {0};
    Model model;
    resolve(checker, SECTION_MODEL, 0, settings);
    const ModelSettings *model_settings = settings->model.settings;
    int64_t n_hidden = model_settings->n_hidden;
    int64_t rank = n_hidden < n_features ? n_hidden : n_features;
    if (rank > checker->rank)
        checker->rank = rank;
    if (!model_check(&settings->model, &error))
        add_problem(checker, NULL,
                    setting_place(checker, SECTION_MODEL, "embedding", settings->model.place),
                    &error);
    else if (!model_open(&model, &settings->model, (int)n_features, &checker->scratch, &error))
        add_problem(checker, NULL,
                    setting_place(checker, SECTION_MODEL, "n_hidden", settings->model.place),
                    &error);
    else if (!checker->experiment->is_stored &&
             !init_from_load(model_settings->init_from, checker->experiment->beside, &model,
                             &checker->scratch, &error))
        add_problem(checker, NULL,
                    setting_place(checker, SECTION_MODEL, "init_from", settings->model.place),
                    &error);
}

static int n_changes_to_try(const Checker *checker) {
    return checker->has_changes ? checker->experiment->resolver->n_changes : 0;
}

/* What a run with the values being tried would open. */
static void try_all(Checker *checker) {
    Settings settings = {.train.seed = 0};
    for (int n = 0; n <= n_changes_to_try(checker); n++) {
        resolve(checker, SECTION_DATA, n, &settings);
        resolve(checker, SECTION_TASK, n, &settings);
        check_phase(checker, last_change(checker, n), &settings);
    }
    int64_t n_features = ((const DataSettings *)settings.data.settings)->n_features;
    if (n_features > checker->n_features)
        checker->n_features = n_features;
    check_model(checker, n_features, &settings);
    arena_release(&checker->scratch);
}

static void try_data(Checker *checker) {
    Settings settings = {.train.seed = 0};
    for (int n = 0; n <= n_changes_to_try(checker); n++) {
        resolve(checker, SECTION_DATA, n, &settings);
        check_data(checker, last_change(checker, n), &settings);
    }
    arena_release(&checker->scratch);
}

/* Whether an axis can change sizes, kinds or lengths. Numbers that are no counts cannot; words and
 * switches only in a model. */
static bool can_matter(const Axis *axis, const Settings *settings) {
    for (int k = 0; k < axis->n_keys; k++) {
        const void *owner;
        const Field *field = settings_field(settings, axis->keys[k], &owner);
        Section section = section_of(axis->keys[k], NULL);
        if (section == SECTION_TRAIN)
            continue;
        bool is_word = field && (field->type == FIELD_WORD || field->type == FIELD_BOOL);
        if (!field || (field->type != FIELD_REAL && field->type != FIELD_FEATURES && !is_word) ||
            (is_word && section == SECTION_MODEL))
            return true;
        for (int v = 0; field->type == FIELD_FEATURES && v < axis->n_values; v++)
            if (axis->values[v * axis->n_keys + k].value->type == YAML_LIST)
                return true;
    }
    return false;
}

/* Steps to the next combination of the chosen axes; false after the last. */
static bool next_combination(Checker *checker, const bool *is_chosen) {
    for (int i = checker->experiment->n_axes - 1; i >= 0; i--) {
        if (!is_chosen[i])
            continue;
        if (++checker->values[i] < checker->experiment->axes[i].n_values)
            return true;
        checker->values[i] = 0;
    }
    return false;
}

/* Tries all combinations of the chosen axes; false, and none, where there are more than `most`. */
static bool try_combinations(Checker *checker, const bool *is_chosen, int most,
                             void (*try_one)(Checker *checker)) {
    int64_t n = 1;
    for (int i = 0; i < checker->experiment->n_axes; i++)
        if (is_chosen[i] && n <= most)
            n *= checker->experiment->axes[i].n_values;
    if (n > most)
        return false;
    do
        try_one(checker);
    while (next_combination(checker, is_chosen));
    return true;
}

static void try_one_by_one(Checker *checker, int axis) {
    const Axis *tried = &checker->experiment->axes[axis];
    for (int v = 1; v < tried->n_values && v < MOST_OPENED; v++) {
        checker->values[axis] = v;
        try_all(checker);
    }
    checker->values[axis] = 0;
}

void check_opens(Checker *checker, const Settings *settings) {
    const Experiment *experiment = checker->experiment;
    bool *of_data = ARENA_NEW(experiment->arena, bool, experiment->n_axes);
    bool *of_all = ARENA_NEW(experiment->arena, bool, experiment->n_axes);
    for (int i = 0; i < experiment->n_axes; i++) {
        of_data[i] = axis_touches(&experiment->axes[i], SECTION_DATA);
        of_all[i] = can_matter(&experiment->axes[i], settings);
    }
    bool data_done = try_combinations(checker, of_data, MOST_DATA_OPENED, try_data);
    bool all_done = try_combinations(checker, of_all, MOST_OPENED, try_all);
    if (!all_done)
        try_all(checker);
    for (int i = 0; i < experiment->n_axes; i++) {
        const Axis *axis = &experiment->axes[i];
        bool is_done = (of_all[i] && all_done) || (of_data[i] && data_done && !of_all[i]);
        bool has_a_say =
            of_data[i] || axis_touches(axis, SECTION_TASK) || axis_touches(axis, SECTION_MODEL);
        if (has_a_say && !is_done)
            try_one_by_one(checker, i);
    }
    arena_release(&checker->opened.arena);
    text_release(&checker->opened.text);
}
