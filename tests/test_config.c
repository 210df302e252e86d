/* config: fields and kinds. Expected texts and messages follow from the headers' words. */
#include "sim/config/kind.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

/* A table with one row of each sort of field. */
typedef struct Common {
    int64_t size;
} Common;
typedef struct Round {
    Common common;
    double rate, width;
    bool is_on;
    int colour;
    const char *file;
    FeatureValues values;
    Cadence when;
    Choice inner;
    const Yaml *tree;
} Round;
static const char *const colours[] = {"red", "green", NULL};
static const char *const automatic[] = {"auto", NULL};
static const Field common_fields[] = {{.name = "size",
                                       .type = FIELD_INTEGER,
                                       .offset = offsetof(Common, size),
                                       .minimum = 1,
                                       .maximum = 10,
                                       .unit = "features",
                                       .help = "how many"}};
static const Kind plain_kind = {.name = "plain", .summary = "nothing more"};
static const Field bent_fields[] = {{.name = "angle",
                                     .type = FIELD_REAL,
                                     .offset = sizeof(Common),
                                     .fallback = "0.5",
                                     .minimum = -1,
                                     .maximum = 1,
                                     .help = "of the bend"}};
static const Kind bent_kind = {
    .name = "bent",
    .summary = "with an angle",
    .fields = bent_fields,
    .n_fields = 1,
    .settings_size = sizeof(Common) + sizeof(double),
};
static const Kind *const inner_rows[] = {&plain_kind, &bent_kind};
static const KindTable inner_table = {.name = "inner",
                                      .noun = "inner kind",
                                      .rows = inner_rows,
                                      .n_rows = 2,
                                      .settings_size = sizeof(Common),
                                      .fallback = "plain"};
static const Field round_fields[] = {
    {.name = "rate",
     .type = FIELD_REAL,
     .offset = offsetof(Round, rate),
     .is_open = true,
     .fallback = "0.1",
     .help = "-"},
    {.name = "width",
     .type = FIELD_REAL,
     .offset = offsetof(Round, width),
     .words = automatic,
     .fallback = "auto",
     .help = "-"},
    {.name = "is_on",
     .type = FIELD_BOOL,
     .offset = offsetof(Round, is_on),
     .fallback = "false",
     .help = "-"},
    {.name = "colour",
     .type = FIELD_WORD,
     .offset = offsetof(Round, colour),
     .words = colours,
     .fallback = "green",
     .help = "-"},
    {.name = "file",
     .type = FIELD_TEXT,
     .offset = offsetof(Round, file),
     .fallback = "none",
     .help = "-"},
    {.name = "values",
     .type = FIELD_FEATURES,
     .offset = offsetof(Round, values),
     .maximum = 1,
     .forms = FORM_SCALAR | FORM_LIST | FORM_FIRST_REST | FORM_DECAY,
     .fallback = "1",
     .help = "-"},
    {.name = "when",
     .type = FIELD_CADENCE,
     .offset = offsetof(Round, when),
     .fallback = "none",
     .help = "-"},
    {.name = "inner",
     .type = FIELD_CHOICE,
     .offset = offsetof(Round, inner),
     .table = &inner_table,
     .fallback = "bent",
     .help = "-"},
    {.name = "tree", .type = FIELD_TREE, .offset = offsetof(Round, tree), .help = "-"},
};
static const Kind round_kind = {.name = "round",
                                .summary = "all sorts",
                                .source = "a paper",
                                .fields = round_fields,
                                .n_fields = COUNT(round_fields),
                                .settings_size = sizeof(Round)};
static const Kind *const shape_rows[] = {&plain_kind, &round_kind};
static const KindTable shape_table = {.name = "shape",
                                      .noun = "shape",
                                      .rows = shape_rows,
                                      .n_rows = 2,
                                      .fields = common_fields,
                                      .n_fields = 1,
                                      .settings_size = sizeof(Common)};

/* Reads a shape; gives its canonical text, then the problems. */
static const char *read_shape(const char *text, const Kind *const *swept, int n_swept,
                              Arena *arena) {
    Problems problems = {.arena = arena};
    Text out = {0};
    const Yaml *root = yaml_parse("t", text, strlen(text), arena, &problems);
    Choice choice;
    cr_assert_not_null(root);
    if (choice_read(&shape_table, yaml_get(root, "shape"), root->place, swept, n_swept, &choice,
                    arena, &problems) &&
        problems.n == 0)
        choice_print(&shape_table, &choice, &out);
    problems_print(&problems, &out);
    const char *copy = arena_copy(arena, text_of(&out));
    text_release(&out);
    return copy;
}

Test(field, defaults_and_canonical_texts_read_back) {
    static const char *const rows[][2] = {
        {"shape: {kind: plain, size: 3}", "{kind: plain, size: 3}"},
        {"shape: {kind: round, size: 1e1}",
         "{kind: round, size: 10, rate: 0.1, width: auto, is_on: false, colour: green, file: none, "
         "values: 1, when: none, inner: {kind: bent, angle: 0.5}}"},
        {"shape:\n  kind: round\n  size: 2\n  rate: 1e-7\n  width: 2\n  is_on: true\n"
         "  colour: red\n  file: '3'\n  values: {first: 0.25, rest: 1.0}\n  when: {log: 5}\n"
         "  inner: plain\n  tree: [a, {b: c}]\n",
         "{kind: round, size: 2, rate: 1e-07, width: 2, is_on: true, colour: red, file: \"3\", "
         "values: {first: 0.25, rest: 1}, when: {log: 5}, inner: plain, tree: [a, {b: "
         "c}]}"},
        {"shape: {kind: round, size: 2, values: [0, 0.5], when: {every: 10}, inner:\n  {angle: 2, "
         "kind: plain}}",
         "t:2:4: shape.inner has no setting \"angle\"; none is known\n"},
        {"shape: {kind: round, size: 2, values: {decay: 0.9}, inner: {kind: bent, angle: -1}}",
         "{kind: round, size: 2, rate: 0.1, width: auto, is_on: false, colour: green, file: none, "
         "values: {decay: 0.9}, when: none, inner: {kind: bent, angle: -1}}"},
    };
    for (int i = 0; i < COUNT(rows); i++) {
        Arena arena = {0};
        const char *text = read_shape(rows[i][0], NULL, 0, &arena);
        cr_expect_str_eq(text, rows[i][1], "%s\n%s", text, rows[i][1]);
        if (text[0] == '{')
            cr_expect_str_eq(read_shape(arena_print(&arena, "shape: %s", text), NULL, 0, &arena),
                             text);
        arena_release(&arena);
    }
}

Test(field, misfits_say_what_is_taken) {
    static const char *const rows[][2] = {
        {"shape: rond", "t:1:8: there is no shape \"rond\"; did you mean \"round\"?\n"},
        {"shape: zigzag", "t:1:8: there is no shape \"zigzag\"; known: plain, round\n"},
        {"shape: [plain]", "t:1:8: shape takes the name of its kind or a map, not a list\n"},
        {"shape: {kind: [1]}", "t:1:15: shape takes the name of its kind, not a list\n"},
        {"x: 1", "t:1:1: shape must name its kind: one of plain, round\n"},
        {"shape: plain", "t:1:8: shape.size must be given: integer in [1, 10]\n"},
        {"shape: {kind: plain, size: 11}", "t:1:28: shape.size takes integer in [1, 10], not 11\n"},
        {"shape: {kind: plain, size: 1.5}",
         "t:1:28: shape.size takes integer in [1, 10], not 1.5\n"},
        {"shape: {kind: plain, size: '3'}",
         "t:1:28: shape.size takes integer in [1, 10], not \"3\"\n"},
        {"shape: {kind: plain, sise: 3}",
         "t:1:8: shape.size must be given: integer in [1, 10]\n"
         "t:1:22: shape has no setting \"sise\"; did you mean \"size\"?\n"},
        {"shape: {kind: round, size: 1, rate: 0}", "t:1:37: shape.rate takes number > 0, not 0\n"},
        {"shape: {kind: round, size: 1, rate: auto}",
         "t:1:37: shape.rate takes number > 0, not auto\n"},
        {"shape: {kind: round, size: 1, width: {a: 1}}",
         "t:1:38: shape.width takes number | auto, not a map\n"},
        {"shape: {kind: round, size: 1, is_on: yes}",
         "t:1:38: shape.is_on takes true or false, not yes\n"},
        {"shape: {kind: round, size: 1, colour: gren}",
         "t:1:39: shape.colour takes one of red, green, not gren; did you mean \"green\"?\n"},
        {"shape: {kind: round, size: 1, file: }", "t:1:37: shape.file takes text, not nothing\n"},
        {"shape: {kind: round, size: 1, values: 1.5}",
         "t:1:39: shape.values takes number | list | {first, rest} | {decay}, each in [0, 1], not "
         "1.5\n"},
        {"shape: {kind: round, size: 1, values: [0, 2, x]}",
         "t:1:43: shape.values takes number | list | {first, rest} | {decay}, each in [0, 1], not "
         "2\nt:1:46: shape.values takes number | list | {first, rest} | {decay}, each in [0, 1], "
         "not x\n"},
        {"shape: {kind: round, size: 1, values: {frist: 1}}",
         "t:1:40: shape.values has no \"frist\"; did you mean \"first\"?\n"},
        {"shape: {kind: round, size: 1, values: {last: 1}}",
         "t:1:40: shape.values has no \"last\"; known: first, rest, decay\n"},
        {"shape: {kind: round, size: 1, values: {first: 1}}",
         "t:1:39: shape.values takes number | list | {first, rest} | {decay}, each in [0, 1], not "
         "a "
         "map\n"},
        {"shape: {kind: round, size: 1, when: {log: 0}}",
         "t:1:37: shape.when takes none | {every: steps} | {log: n} | {linear: n}, with n >= 1, "
         "not "
         "a map\n"},
        {"shape: {kind: round, size: 1, inner: {kind: bent, angle: 2}}",
         "t:1:58: shape.inner.angle takes number in [-1, 1], not 2\n"},
    };
    for (int i = 0; i < COUNT(rows); i++) {
        Arena arena = {0};
        const char *text = read_shape(rows[i][0], NULL, 0, &arena);
        cr_expect_str_eq(text, rows[i][1], "%s\n%s%s", rows[i][0], text, rows[i][1]);
        arena_release(&arena);
    }
}

Test(kind, keys_of_swept_kinds_are_ignored) {
    Arena arena = {0};
    const Kind *const swept[] = {&plain_kind, &round_kind};
    cr_expect_str_eq(read_shape("shape: {kind: plain, size: 3, rate: x}", swept, 2, &arena),
                     "{kind: plain, size: 3}");
    cr_expect_str_eq(read_shape("shape: {kind: plain, size: 3, rat: x}", swept, 2, &arena),
                     "t:1:31: shape has no setting \"rat\"; did you mean \"rate\"?\n");
    Problems problems = {.arena = &arena};
    Round settings = {.common.size = 0};
    const char *const ignored[] = {"inner.angle", "other"};
    static const char text[] = "inner: {kind: plain, angle: x}\nother: 2\n";
    const Yaml *map = yaml_parse("t.yaml", text, strlen(text), &arena, &problems);
    fields_read(round_fields, COUNT(round_fields), "round", map, map->place, &settings, ignored, 2,
                &arena, &problems);
    cr_expect_eq(problems.n, 0);
    arena_release(&arena);
}

Test(kind, help_is_complete) {
    Text out = {0};
    kind_print(&shape_table, &round_kind, &out);
    static const char *const start = "round (shape): all sorts\nsource: a paper\nsettings:\n"
                                     "  size: integer in [1, 10], in features (must be given)\n"
                                     "      how many\n"
                                     "  rate: number > 0 (default 0.1)\n";
    cr_expect_eq(strncmp(text_of(&out), start, strlen(start)), 0, "%s", text_of(&out));
    out.n = 0;
    kind_table_print(&shape_table, &out);
    cr_expect_str_eq(text_of(&out), "  plain  nothing more\n  round  all sorts\n");
    text_release(&out);
}

Test(values, one_number_for_each_feature) {
    static const double list[] = {3, 1, 2};
    static const struct {
        FeatureValues values;
        double expected[3];
    } rows[] = {
        {{.form = FORM_SCALAR, .a = 0.5}, {0.5, 0.5, 0.5}},
        {{.form = FORM_LIST, .list = list, .n = 3}, {3, 1, 2}},
        {{.form = FORM_FIRST_REST, .a = 1, .b = 2}, {1, 2, 2}},
        {{.form = FORM_DECAY, .a = 0.5}, {1, 0.5, 0.25}},
        {{.form = FORM_LAST, .a = 7}, {1, 1, 7}},
        {{.form = FORM_ZIPF, .a = 1, .b = 5.5}, {3, 1.5, 1}},
        {{.form = FORM_ZIPF, .a = 0, .b = 1.5}, {0.5, 0.5, 0.5}},
    };
    Error error = {0};
    for (int i = 0; i < COUNT(rows); i++) {
        double out[3];
        cr_assert(feature_values_expand(&rows[i].values, 3, out, &error));
        for (int j = 0; j < 3; j++)
            cr_expect_eq(out[j], rows[i].expected[j]);
    }
    double out[4];
    cr_expect_not(feature_values_expand(&rows[1].values, 4, out, &error));
    cr_expect_str_eq(error.text, "a list of 3 numbers for 4 features");
}

/* By hand: every 4 of 10; 3 steps linear; log(1 + step) of 0, 9, 99 are evenly spaced. */
Test(values, steps_of_a_cadence) {
    static const struct {
        Cadence cadence;
        int64_t n_steps;
        int n;
        int64_t steps[6];
    } rows[] = {
        {{CADENCE_NONE, 0}, 10, 0, {0}},
        {{CADENCE_EVERY, 4}, 10, 4, {0, 4, 8, 10}},
        {{CADENCE_EVERY, 5}, 10, 3, {0, 5, 10}},
        {{CADENCE_EVERY, 99}, 10, 2, {0, 10}},
        {{CADENCE_LINEAR, 3}, 10, 3, {0, 5, 10}},
        {{CADENCE_LINEAR, 1}, 10, 2, {0, 10}},
        {{CADENCE_LOG, 3}, 99, 3, {0, 9, 99}},
        {{CADENCE_LOG, 50}, 3, 4, {0, 1, 2, 3}},
        {{CADENCE_LOG, 5}, 0, 1, {0}},
        {{CADENCE_EVERY, 5}, 0, 1, {0}},
    };
    for (int i = 0; i < COUNT(rows); i++) {
        Arena arena = {0};
        int n;
        const int64_t *steps = cadence_steps(rows[i].cadence, rows[i].n_steps, &arena, &n);
        cr_assert_eq(n, rows[i].n, "row %d: %d", i, n);
        for (int j = 0; j < n; j++)
            cr_expect_eq(steps[j], rows[i].steps[j]);
        arena_release(&arena);
    }
}
