/* The run alone is an experiment whose changes grow. The settings after each change are kept, so
 * that a touch reads the sections that it sets, and those of later changes, of which there are few:
 * the config's own. */
#include "sim/experiment/touch.h"

#include "sim/experiment/checker.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What holds after a change, or from the start. */
typedef struct State {
    const Settings *settings;
    const char *text; /* of the change */
} State;

/* What a touch replaced: a section from the start, or (is_later) the i-th change. */
typedef struct Replaced {
    bool is_later, is_new; /* the change was none before */
    Section section;
    const Yaml *node;
    int i;
    Change change;
    const State *states; /* from the first that it changed on; NULL: nothing to take back */
} Replaced;

struct Touched {
    const Experiment *base;
    Experiment *alone; /* base of the run's settings; its resolver has the changes */
    Arena *arena;
    int64_t number, restart;
    const char *axes_json;
    const char *content; /* of the run's text: what its files hold */
    State *states;       /* [n_changes + 1] */
    int capacity;        /* changes for which there is room */
    Replaced last;
};

/* ---- the run alone ---- */

static const Yaml *set_text(const Yaml *root, const char *path, const char *text, Arena *arena) {
    Yaml *node = ARENA_NEW(arena, Yaml, 1);
    *node = *yaml_scalar(text, root->place, arena);
    node->is_quoted = true;
    return yaml_set(root, path, node, root->place, arena);
}

static const Yaml *set_integer(const Yaml *root, const char *path, int64_t value, Arena *arena) {
    const char *text = arena_print(arena, "%lld", (long long)value);
    return yaml_set(root, path, yaml_scalar(text, root->place, arena), root->place, arena);
}

/* A file's name from the root, "#run" and all; as it is where there is no such file. */
static const char *full_path(const Experiment *base, const char *text, Arena *arena) {
    const char *hash = text_ends(text, ".npz") ? NULL : strrchr(text, '#');
    char *name = arena_copy(arena, text);
    name[hash ? (size_t)(hash - text) : strlen(text)] = '\0';
    char *full = realpath(text_path(name, base->beside, arena), NULL);
    const char *path = full ? arena_print(arena, "%s%s", full, hash ? hash : "") : text;
    free(full);
    return path;
}

static const Yaml *name_files(const Experiment *base, const Yaml *root, Arena *arena) {
    static const char *const paths[] = {"data.path", "model.init_from"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const Yaml *name = yaml_find(root, paths[i]);
        if (name && strcmp(name->text, "none") != 0)
            root = set_text(root, paths[i], full_path(base, name->text, arena), arena);
    }
    return root;
}

/* Rows of `changes` that set nothing this run has are left out. */
static const Yaml *drop_empty(const Yaml *changes, Arena *arena) {
    const Yaml **items = ARENA_NEW(arena, const Yaml *, changes->n);
    Yaml *left = ARENA_NEW(arena, Yaml, 1);
    *left = (Yaml){.type = YAML_LIST, .place = changes->place, .items = items};
    for (int i = 0; i < changes->n; i++)
        if (yaml_get(changes->items[i], "set")->n)
            items[left->n++] = changes->items[i];
    return left;
}

/* The run's text, which has every setting, as a config. */
static const Yaml *config_of(const Experiment *base, const Run *run, Arena *arena) {
    const TrainSettings *train = &run->phases[0].settings->train;
    const ScheduleSettings *schedule = train->schedule.settings;
    Problems problems = {.arena = arena};
    const Yaml *root =
        yaml_parse(base->path, run->settings_text, strlen(run->settings_text), arena, &problems);
    assert(root && problems.n == 0);
    static const char *const not_settings[] = {"restart", "data_content", "first_weights"};
    for (size_t i = 0; i < sizeof not_settings / sizeof *not_settings; i++)
        root = yaml_set(root, not_settings[i], NULL, root->place, arena);
    root =
        yaml_set(root, "changes", drop_empty(yaml_get(root, "changes"), arena), root->place, arena);
    root = set_integer(root, "train.restart", run->restart, arena);
    if (!schedule->steps)
        root =
            set_integer(root, "train.schedule.steps", train->steps > 1 ? train->steps : 1, arena);
    return name_files(base, root, arena);
}

static Experiment *experiment_of(const Experiment *base, const Run *run, Arena *arena) {
    Text text = {0};
    Problems problems = {.arena = arena};
    yaml_print(config_of(base, run, arena), &text);
    Experiment *alone =
        base->is_stored
            ? experiment_parse_stored(base->path, base->beside, text_of(&text), text.n, arena,
                                      &problems)
            : experiment_parse(base->path, text_of(&text), text.n, NULL, 0, arena, &problems);
    assert(alone && alone->n_runs == 1);
    text_release(&text);
    return alone;
}

/* ---- states ---- */

static const char *text_of_change(const Change *change, const Settings *settings, Arena *arena) {
    Text text = {0};
    change_print(change, settings, &text);
    const char *copy = arena_copy(arena, text_of(&text));
    text_release(&text);
    return copy;
}

/* The state after change `i` (0: from the start, where section `touched_first` alone is new),
 * checked. */
static State read_state(Touched *touched, int i, Section touched_first, const Settings *before,
                        Problems *problems) {
    const Experiment *alone = touched->alone;
    const Change *change = i ? &alone->resolver->changes[i - 1] : NULL;
    Checker checker = {.experiment = alone, .problems = problems};
    Settings *settings = ARENA_NEW(touched->arena, Settings, 1);
    int n_before = problems->n_reports;
    *settings = *before;
    for (int s = 0; s < N_SECTIONS; s++)
        if (change ? change_touches(change, (Section)s) : (Section)s == touched_first)
            section_resolve(alone, (Section)s, NULL, i, settings, touched->arena, problems);
    if (problems->n_reports == n_before)
        check_phase(&checker, change, settings);
    arena_release(&checker.scratch);
    arena_release(&checker.opened.arena);
    text_release(&checker.opened.text);
    return (State){settings, change ? text_of_change(change, settings, touched->arena) : NULL};
}

/* Reads the states from the first-th on anew, and keeps the old ones; where one cannot be, none
 * changes. */
static bool read_states(Touched *touched, int first, Section section, Problems *problems) {
    int n = touched->alone->resolver->n_changes + 1 - first, n_before = problems->n_reports;
    State *states = ARENA_NEW(touched->arena, State, n), *old = ARENA_NEW(touched->arena, State, n);
    const Settings *before = touched->states[first ? first - 1 : 0].settings;
    for (int i = 0; i < n && problems->n_reports == n_before; i++) {
        states[i] = read_state(touched, first + i, section, before, problems);
        before = states[i].settings;
    }
    if (problems->n_reports > n_before)
        return false;
    memcpy(old, touched->states + first, (size_t)n * sizeof *states);
    memcpy(touched->states + first, states, (size_t)n * sizeof *states);
    touched->last.states = old;
    return true;
}

/* ---- touches ---- */

/* Room for one change more. */
static void make_room(Touched *touched) {
    struct Resolver *resolver = touched->alone->resolver;
    int n = resolver->n_changes;
    if (n < touched->capacity)
        return;
    touched->capacity = 2 * n + 16;
    Change *changes = ARENA_NEW(touched->arena, Change, touched->capacity);
    State *states = ARENA_NEW(touched->arena, State, touched->capacity + 1);
    if (n)
        memcpy(changes, resolver->changes, (size_t)n * sizeof *changes);
    if (touched->states)
        memcpy(states, touched->states, ((size_t)n + 1) * sizeof *states);
    resolver->changes = changes;
    touched->states = states;
}

/* What the change sets with one setting more, which comes last and in the stead of one of the same
 * key. */
static void add_set(Change *change, const YamlPair *pair, Arena *arena) {
    ChangeSet *sets = ARENA_NEW(arena, ChangeSet, change->n_sets + 1);
    int n = 0;
    for (int k = 0; k < change->n_sets; k++)
        if (strcmp(change->sets[k].pair.key, pair->key) != 0)
            sets[n++] = change->sets[k];
    sets[n++] = (ChangeSet){.pair = *pair};
    change->sets = sets;
    change->n_sets = n;
}

/* Puts a change of nothing before the i-th, or takes it out. */
static void insert_change(Touched *touched, int i, int64_t step, Place place) {
    struct Resolver *resolver = touched->alone->resolver;
    size_t n_after = (size_t)(resolver->n_changes++ - i);
    memmove(resolver->changes + i + 1, resolver->changes + i, n_after * sizeof(Change));
    memmove(touched->states + i + 2, touched->states + i + 1, n_after * sizeof(State));
    resolver->changes[i] = (Change){.step = step, .place = place};
}

static void remove_change(Touched *touched, int i) {
    struct Resolver *resolver = touched->alone->resolver;
    size_t n_after = (size_t)(--resolver->n_changes - i);
    memmove(resolver->changes + i, resolver->changes + i + 1, n_after * sizeof(Change));
    memmove(touched->states + i + 1, touched->states + i + 2, n_after * sizeof(State));
}

/* Of the settings from the start. */
static bool set_first(Touched *touched, const YamlPair *pair, Problems *problems) {
    struct Resolver *resolver = touched->alone->resolver;
    Section section = section_of(pair->key, NULL);
    const Yaml *old = resolver->nodes[section];
    resolver->nodes[section] = section_edit(old, section, pair, touched->arena);
    touched->last = (Replaced){.section = section, .node = old};
    if (read_states(touched, 0, section, problems))
        return true;
    resolver->nodes[section] = old;
    return false;
}

/* Puts the change back that there was, or none. */
static void put_back(Touched *touched, const Replaced *replaced) {
    struct Resolver *resolver = touched->alone->resolver;
    resolver->changes[replaced->i] = replaced->change;
    if (replaced->is_new)
        remove_change(touched, replaced->i);
    changes_link(resolver->changes, resolver->n_changes);
}

static bool set_later(Touched *touched, int64_t step, const YamlPair *pair, Problems *problems) {
    struct Resolver *resolver = touched->alone->resolver;
    int i = resolver->n_changes;
    while (i > 0 && resolver->changes[i - 1].step >= step)
        i--;
    bool is_new = i == resolver->n_changes || resolver->changes[i].step > step;
    make_room(touched);
    if (is_new)
        insert_change(touched, i, step, pair->place);
    touched->last =
        (Replaced){.is_later = true, .is_new = is_new, .i = i, .change = resolver->changes[i]};
    add_set(&resolver->changes[i], pair, touched->arena);
    changes_link(resolver->changes, resolver->n_changes);
    if (read_states(touched, i + 1, N_SECTIONS, problems))
        return true;
    put_back(touched, &touched->last);
    return false;
}

bool touched_set(Touched *touched, int64_t step, const char *key, const char *value,
                 Problems *problems) {
    assert(step >= 0);
    Arena *arena = touched->arena;
    Place place = {arena_print(arena, "%s=%s", key, value), 0, 0};
    YamlPair pair = {arena_copy(arena, key), place, yaml_parse_at(place, value, arena, problems)};
    return pair.value &&
           change_check(touched->alone, touched->states[0].settings, &pair, problems) &&
           (step ? set_later(touched, step, &pair, problems) : set_first(touched, &pair, problems));
}

void touched_take_back(Touched *touched) {
    Replaced last = touched->last;
    struct Resolver *resolver = touched->alone->resolver;
    assert(last.states);
    int first = last.is_later ? last.i + 1 : 0;
    size_t n = (size_t)(resolver->n_changes + 1 - first);
    memcpy(touched->states + first, last.states, n * sizeof *last.states);
    if (last.is_later)
        put_back(touched, &last);
    else
        resolver->nodes[last.section] = last.node;
    touched->last.states = NULL;
}

/* ---- what comes of it ---- */

Touched *touched_open(const Experiment *base, int64_t number, Arena *arena) {
    Run run = experiment_run(base, number, arena);
    Touched *touched = ARENA_NEW(arena, Touched, 1);
    *touched = (Touched){.base = base,
                         .alone = experiment_of(base, &run, arena),
                         .arena = arena,
                         .number = number,
                         .restart = run.restart,
                         .axes_json = run.axes_json};
    Run alone = experiment_run(touched->alone, 0, arena);
    make_room(touched);
    for (int i = 0; i < alone.n_phases; i++) {
        const Settings *settings = alone.phases[i].settings;
        const Change *change = i ? &touched->alone->resolver->changes[i - 1] : NULL;
        touched->states[i] =
            (State){settings, change ? text_of_change(change, settings, arena) : NULL};
    }
    Text text = {0};
    content_print(touched->alone, alone.phases[0].settings, &text, arena);
    touched->content = arena_copy(arena, text_of(&text));
    text_release(&text);
    return touched;
}

/* How many changes a run of n_steps reaches. */
static int count_changes(const Touched *touched, int64_t n_steps) {
    const struct Resolver *resolver = touched->alone->resolver;
    int n = resolver->n_changes;
    while (n > 0 && resolver->changes[n - 1].step >= n_steps)
        n--;
    return n;
}

Run touched_run(const Touched *touched, int64_t n_steps, Arena *arena) {
    int n_changes = count_changes(touched, n_steps);
    Settings *settings = ARENA_NEW(arena, Settings, n_changes + 1);
    Phase *phases = ARENA_NEW(arena, Phase, n_changes + 1);
    Run run = {.restart = touched->restart,
               .phases = phases,
               .n_phases = n_changes + 1,
               .axes_json = "{}"};
    for (int i = 0; i <= n_changes; i++) {
        settings[i] = *touched->states[i].settings;
        settings[i].train.steps = n_steps;
        phases[i] = (Phase){i ? touched->alone->resolver->changes[i - 1].step : 0, &settings[i]};
    }
    RunText text = {0};
    Text rest = {0};
    for (int s = 0; s < N_SECTIONS; s++) {
        run_text_append(&text, s ? ", " : "{");
        run_text_append(&text, section_names[s]);
        run_text_append(&text, ": ");
        run_text_add_section(&text, (Section)s, settings);
    }
    text_append(&rest, ", changes: [");
    for (int i = 1; i <= n_changes; i++) {
        text_append(&rest, i > 1 ? ", " : "");
        text_append(&rest, touched->states[i].text);
    }
    text_add(&rest, "], restart: %lld", (long long)run.restart);
    text_append(&rest, touched->content);
    text_append(&rest, "}");
    run_text_append(&text, text_of(&rest));
    run_identify(&run, &text, arena);
    run_text_release(&text);
    text_release(&rest);
    return run;
}

void touched_print(const Touched *touched, int64_t n_steps, Text *text) {
    int n_changes = count_changes(touched, n_steps);
    Arena arena = {0};
    Settings settings = *touched->states[0].settings;
    settings.train.steps = n_steps;
    const char **changes = ARENA_NEW(&arena, const char *, n_changes);
    for (int i = 0; i < n_changes; i++)
        changes[i] = touched->states[i + 1].text;
    text_add(text, "# %s, run %lld: %s, restart %lld\n", touched->base->name,
             (long long)touched->number, touched->axes_json, (long long)touched->restart);
    text_add(text,
             "# as it trained for %lld steps, with what was changed meanwhile. Trained again it "
             "ends with\n# the same bits (on the same instruction set).\n",
             (long long)n_steps);
    experiment_print_run(touched->base, &settings, changes, n_changes, text);
    arena_release(&arena);
}
