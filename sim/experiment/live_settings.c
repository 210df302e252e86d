#include "sim/experiment/live_settings.h"

#include "sim/experiment/internal.h"

#include <math.h>
#include <string.h>

/* The list as it grows; a field gives at most two numbers. */
typedef struct Listing {
    LiveSetting *items;
    int n;
    Arena *arena;
} Listing;

static void add(Listing *list, const char *where, const Field *field, const char *inside,
                double value) {
    bool is_power_law = strcmp(inside, "zipf") == 0 || strcmp(inside, "active") == 0;
    const char *dot = *inside ? "." : "";
    LiveSetting *setting = &list->items[list->n++];
    *setting =
        (LiveSetting){.key = arena_print(list->arena, "%s.%s%s%s", where, field->name, dot, inside),
                      .field = field,
                      .value = value,
                      .minimum = field_has_minimum(field) ? field->minimum : -HUGE_VAL,
                      .maximum = field_has_maximum(field) ? field->maximum : HUGE_VAL};
    if (is_power_law) { /* a range of its own (field.h) */
        setting->minimum = 0;
        setting->maximum = HUGE_VAL;
    }
}

static void add_features(Listing *list, const char *where, const Field *field,
                         const FeatureValues *values) {
    switch (values->form) {
    case FORM_SCALAR:
        add(list, where, field, "", values->a);
        break;
    case FORM_LIST:
        break;
    case FORM_FIRST_REST:
        add(list, where, field, "first", values->a);
        add(list, where, field, "rest", values->b);
        break;
    case FORM_DECAY:
        add(list, where, field, "decay", values->a);
        break;
    case FORM_LAST:
        add(list, where, field, "last", values->a);
        break;
    case FORM_ZIPF:
        add(list, where, field, "zipf", values->a);
        add(list, where, field, "active", values->b);
        break;
    }
}

static void add_fields(Listing *list, const char *where, const Field *fields, int n_fields,
                       const void *settings) {
    for (int i = 0; i < n_fields; i++) {
        const void *at = (const char *)settings + fields[i].offset;
        if (!fields[i].is_live)
            continue;
        if (fields[i].type == FIELD_FEATURES)
            add_features(list, where, &fields[i], at);
        else if (fields[i].type == FIELD_INTEGER)
            add(list, where, &fields[i], "", (double)*(const int64_t *)at);
        else if (fields[i].type == FIELD_REAL && !isnan(*(const double *)at))
            add(list, where, &fields[i], "", *(const double *)at);
    }
}

static void add_train(Listing *list, const TrainSettings *train) {
    TrainSettings resolved = train_as_printed(train);
    for (int i = 0; i < n_train_fields; i++)
        if (train_fields[i].offset != offsetof(TrainSettings, momentum) ||
            strcmp(train->optimizer.kind->name, "momentum") == 0)
            add_fields(list, "train", &train_fields[i], 1, &resolved);
}

const LiveSetting *live_settings(const Settings *settings, Arena *arena, int *n) {
    int n_fields = n_train_fields;
    for (int s = 0; s < SECTION_TRAIN; s++)
        n_fields += choice_table_at(section_names[s])->n_fields +
                    section_choice(settings, (Section)s)->kind->n_fields;
    Listing list = {ARENA_NEW(arena, LiveSetting, 2 * n_fields), 0, arena};
    for (int s = 0; s < SECTION_TRAIN; s++) {
        const KindTable *table = choice_table_at(section_names[s]);
        const Choice *choice = section_choice(settings, (Section)s);
        add_fields(&list, section_names[s], table->fields, table->n_fields, choice->settings);
        add_fields(&list, section_names[s], choice->kind->fields, choice->kind->n_fields,
                   choice->settings);
    }
    add_train(&list, &settings->train);
    *n = list.n;
    return list.items;
}
