#include "sim/experiment/sections.h"

#include <string.h>

const char *const section_names[N_SECTIONS] = {"data", "task", "model", "train"};

static const char *const paths[] = {"data", "task", "model", "train.optimizer", "train.schedule"};
static const KindTable *const tables[] = {&data_table, &task_table, &model_table, &optimizer_table,
                                          &schedule_table};

Section section_of(const char *path, const char **rest) {
    for (int i = 0; i < N_SECTIONS; i++) {
        size_t n = strlen(section_names[i]);
        if (strncmp(path, section_names[i], n) == 0 && (!path[n] || path[n] == '.')) {
            if (rest)
                *rest = path + n + (path[n] == '.');
            return (Section)i;
        }
    }
    return N_SECTIONS;
}

const char *const *choice_paths(int *n) {
    *n = sizeof paths / sizeof *paths;
    return paths;
}

const KindTable *choice_table_at(const char *path) {
    int n;
    choice_paths(&n);
    for (int i = 0; i < n; i++)
        if (strcmp(paths[i], path) == 0)
            return tables[i];
    return NULL;
}

bool chooses_kind(const char *key, const char *path) {
    size_t n = strlen(path);
    return strncmp(key, path, n) == 0 && (!key[n] || strcmp(key + n, ".kind") == 0);
}

const Choice *section_choice(const Settings *settings, Section section) {
    return section == SECTION_DATA   ? &settings->data
           : section == SECTION_TASK ? &settings->task
                                     : &settings->model;
}

void section_copy(Settings *to, const Settings *from, Section section) {
    if (section == SECTION_DATA)
        to->data = from->data;
    else if (section == SECTION_TASK)
        to->task = from->task;
    else if (section == SECTION_MODEL)
        to->model = from->model;
    else
        to->train = from->train;
}

const Field *field_find(const Field *fields, int n_fields, const char *name, size_t n_name) {
    for (int i = 0; i < n_fields; i++)
        if (strncmp(fields[i].name, name, n_name) == 0 && !fields[i].name[n_name])
            return &fields[i];
    return NULL;
}

const Field *section_field(Section section, const Kind *kind, const char *name, size_t n_name) {
    if (section == SECTION_TRAIN)
        return field_find(train_fields, n_train_fields, name, n_name);
    const KindTable *table = choice_table_at(section_names[section]);
    const Field *field = field_find(table->fields, table->n_fields, name, n_name);
    return field ? field : field_find(kind->fields, kind->n_fields, name, n_name);
}

static const Field *choice_field(const KindTable *table, const Choice *choice, const char *path,
                                 const void **owner) {
    size_t n = strcspn(path, ".");
    const Field *field = field_find(table->fields, table->n_fields, path, n);
    *owner = choice->settings;
    return field ? field : field_find(choice->kind->fields, choice->kind->n_fields, path, n);
}

const Field *settings_field(const Settings *settings, const char *path, const void **owner) {
    const char *rest;
    Section section = section_of(path, &rest);
    if (section == N_SECTIONS)
        return NULL;
    if (section != SECTION_TRAIN)
        return choice_field(choice_table_at(section_names[section]),
                            section_choice(settings, section), rest, owner);
    size_t n = strcspn(rest, ".");
    const Field *field = field_find(train_fields, n_train_fields, rest, n);
    *owner = &settings->train;
    if (!field || field->type != FIELD_CHOICE || !rest[n])
        return field;
    const void *choice = (const char *)&settings->train + field->offset;
    return choice_field(field->table, choice, rest + n + 1, owner);
}

static bool has_setting(const KindTable *table, const char *name) {
    size_t n = strlen(name);
    bool has = field_find(table->fields, table->n_fields, name, n);
    for (int i = 0; i < table->n_rows; i++)
        has |= field_find(table->rows[i]->fields, table->rows[i]->n_fields, name, n) != NULL;
    return has;
}

const char *setting_path(const char *name, Arena *arena) {
    for (int s = 0; s < SECTION_TRAIN; s++)
        if (has_setting(choice_table_at(section_names[s]), name))
            return arena_print(arena, "%s.%s", section_names[s], name);
    if (field_find(train_fields, n_train_fields, name, strlen(name)))
        return arena_print(arena, "train.%s", name);
    if (field_find(record_fields, n_record_fields, name, strlen(name)))
        return arena_print(arena, "record.%s", name);
    return NULL;
}
