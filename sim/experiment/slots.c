/* Of a section that axes touch, most settings are the same in all runs. They are read and printed
 * once; a run copies them and reads and prints only its slots, the settings that an axis sets or
 * reaches into. A section whose kind is swept is another one for each kind and has none, and so has
 * one of which a setting may follow from others. */
#include "sim/experiment/internal.h"

#include <string.h>

static void *section_struct(Settings *settings, Section section) {
    return section == SECTION_TRAIN ? (void *)&settings->train
                                    : section_choice(settings, section)->settings;
}

/* Whether each axis key in the section sets or reaches into one of its settings. */
static bool can_have_slots(const Experiment *experiment, Section section, const Kind *kind) {
    for (int i = 0; i < experiment->n_axes; i++)
        for (int k = 0; k < experiment->axes[i].n_keys; k++) {
            const char *name, *key = experiment->axes[i].keys[k];
            if (section_of(key, &name) != section)
                continue;
            const Field *field = section_field(section, kind, name, strcspn(name, "."));
            bool is_whole = kind && chooses_kind(key, section_names[section]);
            if (!*name || is_whole || !field || field->type == FIELD_TREE)
                return false;
        }
    return true;
}

/* The axis keys of one field. */
static void find_edits(const Experiment *experiment, Section section, Slot *slot) {
    int n_keys = 0;
    size_t n_name = strlen(slot->field->name);
    for (int i = 0; i < experiment->n_axes; i++)
        n_keys += experiment->axes[i].n_keys;
    slot->edits = ARENA_NEW(experiment->arena, SlotEdit, n_keys);
    for (int i = 0; i < experiment->n_axes; i++)
        for (int k = 0; k < experiment->axes[i].n_keys; k++) {
            const char *name, *key = experiment->axes[i].keys[k];
            if (section_of(key, &name) == section && strcspn(name, ".") == n_name &&
                strncmp(name, slot->field->name, n_name) == 0)
                slot->edits[slot->n_edits++] =
                    (SlotEdit){i, k, name + n_name + (name[n_name] == '.')};
        }
}

/* Whether a field's text follows from a slot: the default weight decay is the optimizer's. */
static bool follows(const SlottedSection *slotted, Section section, const Field *field) {
    if (section != SECTION_TRAIN || field->offset != offsetof(TrainSettings, weight_decay))
        return false;
    for (int i = 0; i < slotted->n_slots; i++)
        if (slotted->slots[i].field->offset == offsetof(TrainSettings, optimizer))
            return true;
    return false;
}

/* The struct that a section's fields lie in, as printed in full and as hashed. */
typedef struct SlotBase {
    const void *printed, *hashed;
} SlotBase;

/* Adds the fields to the texts; where a slot comes, what was printed so far goes before it. */
static void add_fields(const Experiment *experiment, Section section, const Field *fields,
                       int n_fields, const SlotBase *base, const char **between, RunText *text) {
    struct Resolver *resolver = experiment->resolver;
    SlottedSection *slotted = &resolver->slotted[section];
    const Yaml *node = resolver->nodes[section];
    for (int i = 0; i < n_fields; i++) {
        const void *at = (const char *)base->printed + fields[i].offset;
        Slot slot = {.field = &fields[i], .node = node ? yaml_get(node, fields[i].name) : NULL};
        if ((section == SECTION_TRAIN && !train_is_printed(&fields[i])) ||
            (fields[i].type == FIELD_TREE && !*(const Yaml *const *)at))
            continue;
        text_append(&text->all, *between);
        *between = ", ";
        find_edits(experiment, section, &slot);
        if (slot.n_edits || follows(slotted, section, &fields[i])) {
            slot.before = run_text_take(text, experiment->arena);
            slotted->slots[slotted->n_slots++] = slot;
        } else {
            fields_print(&fields[i], 1, base->printed, &text->all);
            fields_print_brief(&fields[i], 1, base->hashed, &text->brief);
        }
    }
}

void slots_open(const Experiment *experiment, Section section) {
    struct Resolver *resolver = experiment->resolver;
    SlottedSection *slotted = &resolver->slotted[section];
    const char *between = section == SECTION_TRAIN ? "{" : ", ";
    const KindTable *table = choice_table_at(section_names[section]);
    const Choice *choice =
        section == SECTION_TRAIN ? NULL : section_choice(&resolver->base, section);
    if (!can_have_slots(experiment, section, choice ? choice->kind : NULL) ||
        (section == SECTION_DATA && ((const DataKind *)choice->kind)->count_features))
        return;
    RunText text = {0};
    int n_fields = choice ? table->n_fields + choice->kind->n_fields : n_train_fields;
    slotted->is_usable = true;
    slotted->slots = ARENA_NEW(experiment->arena, Slot, n_fields);
    if (choice) {
        const SlotBase base = {choice->settings, choice->settings};
        run_text_append(&text, "{kind: ");
        run_text_append(&text, choice->kind->name);
        text_append(&text.brief, ", ");
        add_fields(experiment, section, table->fields, table->n_fields, &base, &between, &text);
        add_fields(experiment, section, choice->kind->fields, choice->kind->n_fields, &base,
                   &between, &text);
    } else {
        TrainSettings printed = train_as_printed(&resolver->base.train);
        TrainSettings hashed = train_as_hashed(&resolver->base.train);
        text_append(&text.brief, "{");
        add_fields(experiment, section, train_fields, n_train_fields,
                   &(SlotBase){&printed, &hashed}, &between, &text);
    }
    run_text_append(&text, "}");
    slotted->after = run_text_take(&text, experiment->arena);
}

/* The slot's value in this run into the section's struct. */
static void read_slot(const Experiment *experiment, Section section, const Slot *slot,
                      const int64_t *values, void *to, Arena *arena, Problems *problems) {
    const struct Resolver *resolver = experiment->resolver;
    YamlPair pair = {slot->field->name, resolver->places[section], slot->node};
    for (int i = 0; i < slot->n_edits; i++) {
        const SlotEdit *edit = &slot->edits[i];
        const Axis *axis = &experiment->axes[edit->axis];
        const YamlPair *set = &axis->values[values[edit->axis] * axis->n_keys + edit->key];
        pair.value = *edit->inside
                         ? yaml_set(pair.value, edit->inside, set->value, set->place, arena)
                         : set->value;
        pair.place = set->place;
    }
    Yaml map = {.type = YAML_MAP, .place = pair.place, .n = 1, .pairs = &pair};
    fields_read(slot->field, 1, section_names[section], &map, pair.place, to,
                resolver->ignored[section], resolver->n_ignored[section], arena, problems);
}

static void copy_base(const Experiment *experiment, Section section, Settings *settings,
                      Arena *arena) {
    section_copy(settings, &experiment->resolver->base, section);
    if (section == SECTION_TRAIN)
        return;
    Choice *choices[] = {&settings->data, &settings->task, &settings->model};
    Choice *choice = choices[section];
    const Kind *kind = choice->kind;
    size_t size = kind->settings_size ? kind->settings_size
                                      : choice_table_at(section_names[section])->settings_size;
    choice->settings = memcpy(arena_alloc(arena, 1, size), choice->settings, size);
}

void slots_resolve(const Experiment *experiment, Section section, const int64_t *values,
                   Settings *settings, RunText *text, Arena *arena) {
    const SlottedSection *slotted = &experiment->resolver->slotted[section];
    Problems problems = {.arena = arena}; /* stays empty: the experiment was checked */
    copy_base(experiment, section, settings, arena);
    void *read = section_struct(settings, section);
    for (int i = 0; i < slotted->n_slots; i++)
        if (slotted->slots[i].n_edits)
            read_slot(experiment, section, &slotted->slots[i], values, read, arena, &problems);
    SlotBase base = {read, read};
    TrainSettings printed, hashed;
    if (section == SECTION_TRAIN) {
        printed = train_as_printed(&settings->train);
        hashed = train_as_hashed(&settings->train);
        base = (SlotBase){&printed, &hashed};
    }
    for (int i = 0; i < slotted->n_slots; i++) {
        run_text_add(text, &slotted->slots[i].before);
        fields_print(slotted->slots[i].field, 1, base.printed, &text->all);
        fields_print_brief(slotted->slots[i].field, 1, base.hashed, &text->brief);
    }
    run_text_add(text, &slotted->after);
}
