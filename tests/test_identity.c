/* Which settings a run's identity counts: none at its default, each one off it. Looped over every
 * table that a run's sections are read by, so a new kind or setting is held to it too. */
#include "sim/experiment/internal.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* A map of settings and where its identity is looked at: a section, or a choice inside train. */
typedef struct Spot {
    Section section;
    const KindTable *table; /* NULL: train's own settings */
    const char *inside;     /* "optimizer", or NULL */
    const Kind *kind;
} Spot;

typedef struct Identity {
    char hash[33];
    Text all;
} Identity;

/* The section of the run's texts from these words; false where they are not taken. */
static bool identify(const Spot *spot, const char *words, Identity *identity) {
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    Settings settings = {0};
    RunText text = {0};
    const char *whole = spot->inside ? arena_print(&arena, "{%s: %s}", spot->inside, words) : words;
    const Yaml *node = yaml_parse("t", whole, strlen(whole), &arena, &problems);
    Choice *choices[] = {&settings.data, &settings.task, &settings.model};
    bool is_read = problems.n_reports == 0;
    if (is_read && spot->section == SECTION_TRAIN)
        fields_read(train_fields, n_train_fields, "train", node, (Place){0}, &settings.train, NULL,
                    0, &arena, &problems);
    else if (is_read)
        choice_read(spot->table, node, (Place){0}, NULL, 0, choices[spot->section], &arena,
                    &problems);
    is_read = is_read && problems.n_reports == 0;
    if (is_read) {
        run_text_add_section(&text, spot->section, &settings);
        run_text_hash(&text, identity->hash);
        text_release(&identity->all);
        text_append(&identity->all, text_of(&text.all));
    }
    run_text_release(&text);
    arena_release(&arena);
    return is_read;
}

/* Values of all types: some field takes each, and none but the fitting ones are taken. */
static const char *candidate(const Field *field, int i, Arena *arena) {
    static const char *const values[] = {"3",    "0.25",  "1",        "0.75",     "2",
                                         "true", "false", "[1]",      "x.npz",    "y.npz",
                                         "sgd",  "adam",  "{log: 3}", "[0.5, 1]", "cosine"};
    int n = (int)(sizeof values / sizeof *values);
    if (i < n)
        return arena_copy(arena, values[i]);
    return i - n < field_word_count(field) ? field->words[i - n] : NULL;
}

/* {kind: …, the settings that must be given: …, more}; the field `but` is left to `more`. */
static const char *words_with(const Spot *spot, const Field *but, const char *more, Arena *arena) {
    Text text = {0};
    text_append(&text, "{");
    if (spot->kind)
        text_add(&text, "kind: %s, ", spot->kind->name);
    for (int own = 0; own < 2 && spot->kind; own++) {
        const Field *fields = own ? spot->kind->fields : spot->table->fields;
        int n = own ? spot->kind->n_fields : spot->table->n_fields;
        for (int i = 0; i < n; i++)
            if (!fields[i].fallback && fields[i].type != FIELD_TREE && &fields[i] != but)
                text_add(&text, "%s: %s, ", fields[i].name,
                         fields[i].type == FIELD_TEXT ? "x.npz" : "1");
    }
    text_add(&text, "%s}", more);
    const char *words = arena_copy(arena, text_of(&text));
    text_release(&text);
    return words;
}

/* Written out at its default a setting is as if left out; off it, another run. */
static void expect_counted(const Spot *spot, const Field *field) {
    Arena arena = {0};
    Identity base = {0}, other = {0};
    const char *value = field->fallback ? field->fallback : candidate(field, 0, &arena);
    for (int i = 1; !identify(spot,
                              words_with(spot, field,
                                         arena_print(&arena, "%s: %s", field->name, value), &arena),
                              &base) &&
                    value;
         i++)
        value = candidate(field, i, &arena);
    cr_assert(value, "no value is taken by %s", field->name);
    if (field->fallback) {
        cr_assert(identify(spot, words_with(spot, NULL, "", &arena), &other));
        cr_expect_str_eq(other.hash, base.hash, "%s: %s", field->name, value);
    }
    int n_others = 0;
    for (int i = 0; (value = candidate(field, i, &arena)); i++) {
        const char *more = arena_print(&arena, "%s: %s", field->name, value);
        if (!identify(spot, words_with(spot, field, more, &arena), &other))
            continue;
        bool is_same = strcmp(text_of(&base.all), text_of(&other.all)) == 0;
        cr_expect_eq(strcmp(base.hash, other.hash) == 0, is_same, "%s beside\n%s",
                     text_of(&other.all), text_of(&base.all));
        n_others += !is_same;
    }
    cr_expect_gt(n_others, 0, "no value of %s is off its default", field->name);
    text_release(&base.all);
    text_release(&other.all);
    arena_release(&arena);
}

static int expect_kinds_counted(Section section, const char *inside, const KindTable *table) {
    int n = 0;
    for (int k = 0; k < table->n_rows; k++) {
        Spot spot = {section, table, inside, table->rows[k]};
        for (int i = 0; i < table->n_fields; i++, n++)
            expect_counted(&spot, &table->fields[i]);
        for (int i = 0; i < spot.kind->n_fields; i++, n++)
            expect_counted(&spot, &spot.kind->fields[i]);
    }
    return n;
}

Test(identity, counts_each_setting_that_is_off_its_default) {
    Spot train = {SECTION_TRAIN, NULL, NULL, NULL};
    int n = 0;
    for (int s = 0; s < SECTION_TRAIN; s++)
        n += expect_kinds_counted((Section)s, NULL, choice_table_at(section_names[s]));
    n += expect_kinds_counted(SECTION_TRAIN, "optimizer", &optimizer_table);
    n += expect_kinds_counted(SECTION_TRAIN, "schedule", &schedule_table);
    for (int i = 0; i < n_train_fields; i++)
        if (train_is_printed(&train_fields[i])) {
            expect_counted(&train, &train_fields[i]);
            n++;
        }
    cr_expect_gt(n, 100, "%d settings of all kinds", n);
}

/* A kind is there whatever the fallback of its table, and whatever its settings. */
Test(identity, counts_kinds) {
    Spot spots[] = {{SECTION_TASK, &task_table, NULL, NULL},
                    {SECTION_TRAIN, &optimizer_table, "optimizer", NULL},
                    {SECTION_TRAIN, &schedule_table, "schedule", NULL}};
    for (size_t s = 0; s < sizeof spots / sizeof *spots; s++)
        for (int k = 0; k < spots[s].table->n_rows; k++)
            for (int other = 0; other < k; other++) {
                Identity one = {0}, two = {0};
                cr_assert(identify(&spots[s], spots[s].table->rows[k]->name, &one));
                cr_assert(identify(&spots[s], spots[s].table->rows[other]->name, &two));
                cr_expect_str_neq(one.hash, two.hash, "%s", spots[s].table->rows[k]->name);
                text_release(&one.all);
                text_release(&two.all);
            }
}

typedef struct Sizes {
    int64_t width, height, depth;
} Sizes;

static const Field size_fields[] = {
    {.name = "width", .type = FIELD_INTEGER, .offset = offsetof(Sizes, width)},
    {.name = "height", .type = FIELD_INTEGER, .offset = offsetof(Sizes, height), .fallback = "2"},
    {.name = "depth", .type = FIELD_INTEGER, .offset = offsetof(Sizes, depth), .fallback = "1e0"}};

/* A version that knows `depth` says of older settings what the one before it said. */
Test(identity, is_kept_by_a_version_with_more_settings) {
    static const struct {
        Sizes sizes;
        const char *all, *brief;
    } rows[] = {{{2, 2, 1}, "width: 2, height: 2, depth: 1", "width: 2, "},
                {{2, 5, 1}, "width: 2, height: 5, depth: 1", "width: 2, height: 5, "},
                {{2, 5, 3}, "width: 2, height: 5, depth: 3", "width: 2, height: 5, depth: 3, "}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Text all = {0}, brief = {0}, before = {0};
        fields_print(size_fields, 3, &rows[i].sizes, &all);
        fields_print_brief(size_fields, 3, &rows[i].sizes, &brief);
        fields_print_brief(size_fields, 2, &rows[i].sizes, &before);
        cr_expect_str_eq(text_of(&all), rows[i].all);
        cr_expect_str_eq(text_of(&brief), rows[i].brief);
        cr_expect_eq(strcmp(text_of(&brief), text_of(&before)) == 0, rows[i].sizes.depth == 1);
        text_release(&all);
        text_release(&brief);
        text_release(&before);
    }
}

/* The default weight decay is the optimizer's: the same run where that is written. */
Test(identity, knows_the_weight_decay_of_an_optimizer) {
    Spot train = {SECTION_TRAIN, NULL, NULL, NULL};
    static const struct {
        const char *one, *two;
        bool is_same;
    } rows[] = {{"{optimizer: adamw}", "{optimizer: adamw, weight_decay: 0.01}", true},
                {"{optimizer: adamw}", "{optimizer: adamw, weight_decay: 0}", false},
                {"{optimizer: sgd}", "{optimizer: sgd, weight_decay: 0}", true},
                {"{optimizer: sgd}", "{optimizer: sgd, weight_decay: 0.01}", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Identity one = {0}, two = {0};
        cr_assert(identify(&train, rows[i].one, &one) && identify(&train, rows[i].two, &two));
        cr_expect_eq(strcmp(one.hash, two.hash) == 0, rows[i].is_same, "%s", rows[i].two);
        text_release(&one.all);
        text_release(&two.all);
    }
}
