/* From a run's number to its settings, and to its texts (run_text.c).
 *
 * Axes and changes edit a section's tree, which is then read like any other; sections that nothing
 * edits are read and printed once for all runs. */
#include "sim/experiment/init_from.h"
#include "sim/experiment/internal.h"

#include <stdio.h>
#include <string.h>

void point_values(const Experiment *experiment, int64_t point, int64_t *out) {
    for (int i = experiment->n_axes - 1; i >= 0; i--) {
        out[i] = point % experiment->axes[i].n_values;
        point /= experiment->axes[i].n_values;
    }
}

/* Settings in which runs that train in step may differ: they have no say in what is drawn, nor in
 * how a batch is cut into tasks. */
static const char *const silent[] = {
    "model.init_std",     "model.init_from", "model.bias",         "model.hidden_penalty",
    "task.importance",    "train.optimizer", "train.schedule",     "train.learning_rate",
    "train.weight_decay", "train.momentum",  "train.loss_exponent"};

static bool is_silent(const char *key) {
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        size_t n = strlen(silent[i]);
        if (strncmp(key, silent[i], n) == 0 && (!key[n] || key[n] == '.'))
            return true;
    }
    return false;
}

static bool is_silent_axis(const Axis *axis) {
    for (int k = 0; k < axis->n_keys; k++)
        if (!is_silent(axis->keys[k]))
            return false;
    return true;
}

int64_t experiment_twin(const Experiment *experiment, int64_t number) {
    int64_t point = number / experiment->restarts, restart = number % experiment->restarts;
    int64_t first = 0, stride = 1;
    for (int i = experiment->n_axes - 1; i >= 0; i--) {
        const Axis *axis = &experiment->axes[i];
        if (!is_silent_axis(axis))
            first += point % axis->n_values * stride;
        point /= axis->n_values;
        stride *= axis->n_values;
    }
    return first * experiment->restarts + restart;
}

const Yaml *section_edit(const Yaml *node, Section section, const YamlPair *pair, Arena *arena) {
    const char *rest;
    if (section_of(pair->key, &rest) != section)
        return node;
    return *rest ? yaml_set(node, rest, pair->value, pair->place, arena) : pair->value;
}

static const Yaml *section_node(const Experiment *experiment, Section section,
                                const int64_t *values, int n_changes, Arena *arena) {
    const struct Resolver *resolver = experiment->resolver;
    const Yaml *node = resolver->nodes[section];
    for (int i = 0; i < experiment->n_axes; i++) {
        const Axis *axis = &experiment->axes[i];
        for (int k = 0; k < axis->n_keys; k++)
            node = section_edit(node, section, &axis->values[values[i] * axis->n_keys + k], arena);
    }
    /* a slider's way is many changes of one key, of which the last counts */
    for (int i = 0; i < n_changes; i++)
        for (int k = 0; k < resolver->changes[i].n_sets; k++) {
            const ChangeSet *set = &resolver->changes[i].sets[k];
            if (set->until > resolver->changes[n_changes - 1].step)
                node = section_edit(node, section, &set->pair, arena);
        }
    return node;
}

/* The kind of data a section names; NULL where there is none such. */
static const DataKind *data_kind_of(const Yaml *node) {
    const Yaml *name = node && node->type == YAML_MAP ? yaml_get(node, "kind") : node;
    return name && name->type == YAML_SCALAR ? (const DataKind *)kind_find(&data_table, name->text)
                                             : NULL;
}

/* The section `data` with the number of features that follows from it, where it says none. */
static const Yaml *count_features(const Experiment *experiment, const Yaml *node, Arena *arena,
                                  Problems *problems) {
    const DataKind *kind = data_kind_of(node);
    int64_t n = 0;
    Place place = {0};
    Error error;
    if (!kind || !kind->count_features || node->type != YAML_MAP || yaml_get(node, "n_features"))
        return node;
    if (!kind->count_features(node, experiment->beside, &n, &place, &error))
        problem_add(problems, place, "data.%s", error.text);
    const Yaml *count =
        n ? yaml_scalar(arena_print(arena, "%lld", (long long)n), node->place, arena)
          : &yaml_refused;
    return yaml_set(node, "n_features", count, node->place, arena);
}

bool section_resolve(const Experiment *experiment, Section section, const int64_t *values,
                     int n_changes, Settings *settings, Arena *arena, Problems *problems) {
    const struct Resolver *resolver = experiment->resolver;
    const Yaml *node = section_node(experiment, section, values, n_changes, arena);
    if (section == SECTION_DATA)
        node = count_features(experiment, node, arena, problems);
    const char *const *ignored = resolver->ignored[section];
    int n_ignored = resolver->n_ignored[section];
    Place place = resolver->places[section];
    if (section == SECTION_TRAIN) {
        fields_read(train_fields, n_train_fields, "train", node, place, &settings->train, ignored,
                    n_ignored, arena, problems);
        return settings->train.optimizer.kind && settings->train.schedule.kind;
    }
    Choice *choice = section == SECTION_DATA   ? &settings->data
                     : section == SECTION_TASK ? &settings->task
                                               : &settings->model;
    if (!choice_read_at(choice_table_at(section_names[section]), section_names[section], node,
                        place, ignored, n_ignored, choice, arena, problems))
        return false;
    if (section == SECTION_DATA)
        ((DataSettings *)choice->settings)->config_path = experiment->beside;
    return true;
}

void resolver_finish(Experiment *experiment) {
    struct Resolver *resolver = experiment->resolver;
    int64_t *values = ARENA_NEW(experiment->arena, int64_t, experiment->n_axes);
    Problems problems = {.arena = experiment->arena};
    for (int s = 0; s < N_SECTIONS; s++) {
        RunText text = {0};
        section_resolve(experiment, (Section)s, values, 0, &resolver->base, experiment->arena,
                        &problems);
        run_text_add_section(&text, (Section)s, &resolver->base);
        resolver->texts[s] = run_text_take(&text, experiment->arena);
        if (resolver->is_swept[s])
            slots_open(experiment, (Section)s);
    }
}

/* The phases after the first: each is the one before with what its change sets. */
static void add_phases(const Experiment *experiment, const int64_t *values, Phase *phases,
                       Text *text, Arena *arena, Problems *problems) {
    const struct Resolver *resolver = experiment->resolver;
    for (int i = 0; i < resolver->n_changes; i++) {
        Settings *settings = ARENA_NEW(arena, Settings, 1);
        *settings = *phases[i].settings;
        for (int s = 0; s < N_SECTIONS; s++)
            if (change_touches(&resolver->changes[i], (Section)s))
                section_resolve(experiment, (Section)s, values, i + 1, settings, arena, problems);
        phases[i + 1] = (Phase){resolver->changes[i].step, settings};
        text_append(text, i ? ", " : "");
        change_print(&resolver->changes[i], settings, text);
    }
}

static const char *axes_json(const Experiment *experiment, const int64_t *values, Arena *arena) {
    const struct Resolver *resolver = experiment->resolver;
    Text text = {0};
    text_append(&text, "{");
    for (int i = 0; i < experiment->n_axes; i++)
        for (int k = 0; k < experiment->axes[i].n_keys; k++) {
            text_append(&text, text.n > 1 ? ", " : "");
            text_append(&text, resolver->json[resolver->json_start[i] +
                                              values[i] * experiment->axes[i].n_keys + k]);
        }
    text_append(&text, "}");
    const char *json = arena_copy(arena, text_of(&text));
    text_release(&text);
    return json;
}

void content_print(const Experiment *experiment, const Settings *settings, Text *text,
                   Arena *arena) {
    const DataKind *kind = (const DataKind *)settings->data.kind;
    const ModelSettings *model = settings->model.settings;
    const DataSettings *data = settings->data.settings;
    if (kind->content)
        text_add(text, ", data_content: %s", kind->content(settings->data.settings, arena));
    if (strcmp(model->init_from, "none") != 0)
        text_add(
            text, ", first_weights: %s",
            init_from_content(&settings->model, (int)data->n_features, experiment->beside, arena));
}

Run experiment_run(const Experiment *experiment, int64_t number, Arena *arena) {
    const struct Resolver *resolver = experiment->resolver;
    Run run = {.number = number,
               .point = number / experiment->restarts,
               .restart = experiment->first_restart + number % experiment->restarts,
               .n_phases = resolver->n_changes + 1};
    int64_t *values = ARENA_NEW(arena, int64_t, experiment->n_axes);
    point_values(experiment, run.point, values);
    Settings *settings = ARENA_NEW(arena, Settings, 1);
    Phase *phases = ARENA_NEW(arena, Phase, run.n_phases);
    Problems problems = {.arena = arena}; /* stays empty: the experiment was checked */
    RunText text = {0};
    Text rest = {0};
    for (int s = 0; s < N_SECTIONS; s++) {
        run_text_append(&text, s ? ", " : "{");
        run_text_append(&text, section_names[s]);
        run_text_append(&text, ": ");
        if (resolver->slotted[s].is_usable) {
            slots_resolve(experiment, (Section)s, values, settings, &text, arena);
        } else if (resolver->is_swept[s]) {
            section_resolve(experiment, (Section)s, values, 0, settings, arena, &problems);
            run_text_add_section(&text, (Section)s, settings);
        } else {
            section_copy(settings, &resolver->base, (Section)s);
            run_text_add(&text, &resolver->texts[s]);
        }
    }
    phases[0] = (Phase){0, settings};
    run.phases = phases;
    text_append(&rest, ", changes: [");
    add_phases(experiment, values, phases, &rest, arena, &problems);
    text_add(&rest, "], restart: %lld", (long long)run.restart);
    content_print(experiment, settings, &rest, arena);
    text_append(&rest, "}");
    run_text_append(&text, text_of(&rest));
    run_identify(&run, &text, arena);
    run.axes_json = axes_json(experiment, values, arena);
    run_text_release(&text);
    text_release(&rest);
    return run;
}
