/* config: YAML trees, problems, fields, kinds. Expected trees and messages follow from the headers'
 * words; what is YAML from the YAML 1.2 specification. */
#include "sim/config/kind.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

/* Parses a text and gives the tree in flow form, then the problems. */
static void read_text(const char *text, Arena *arena, Text *out) {
    Problems problems = {.arena = arena};
    const Yaml *root = yaml_parse("t.yaml", text, strlen(text), arena, &problems);
    if (root)
        yaml_print(root, out);
    problems_print(&problems, out);
}

static void expect_text(const char *text, const char *expected) {
    Arena arena = {0};
    Text out = {0};
    read_text(text, &arena, &out);
    cr_expect_str_eq(text_of(&out), expected, "%s\n  gives    %s\n  expected %s", text,
                     text_of(&out), expected);
    text_release(&out);
    arena_release(&arena);
}

Test(yaml, trees_keep_order_and_print_in_flow_form) {
    static const char *const rows[][2] = {
        {"", "{}"},
        {"# only words\n", "{}"},
        {"b: 1\na: [x, {y: 2}]\n", "{b: 1, a: [x, {y: 2}]}"},
        {"a: 'it''s'\nb: \"1\"\nc: \"true\"\nd: 'plain'\n",
         "{a: \"it's\", b: \"1\", c: \"true\", d: plain}"},
        {"a:\nb: ~\nc: null\nd: ''\n", "{a: null, b: null, c: null, d: \"\"}"},
        {"a: x, y: z\n", "t.yaml:1:8: not YAML: mapping values are not allowed in this context\n"},
        {"a: \"tab\\there\\nnew\"\n", "{a: \"tab\\x09here\\nnew\"}"},
        {"a: |\n  two\n  lines\n", "{a: \"two\\nlines\\n\"}"},
        {"title: Größe – ja\n", "{title: \"Größe – ja\"}"},
        {"a: \"\\L\\uFEFF\"\n", "{a: \"\\u2028\\uFEFF\"}"},
        {"a: results/x.db#3\nb: -1.5e-3\nc: --- x\nd: - y\n",
         "t.yaml:4:4: not YAML: block sequence entries are not allowed in this context\n"},
        {"a: &x [1, 2]\nb: *x\n", "{a: [1, 2], b: [1, 2]}"},
        {"a: &x 1\nb: &x 2\nc: *x\n", "{a: 1, b: 2, c: 2}"},
        {"[1, [2, []], {}]", "[1, [2, []], {}]"},
    };
    for (int i = 0; i < COUNT(rows); i++)
        expect_text(rows[i][0], rows[i][1]);
}

Test(yaml, printed_trees_read_back_as_themselves) {
    static const char *const rows[] = {
        "a: 'x # y'\nb: 'x: y'\nc: '- x'\nd: ' x '\ne: 'x,y'\nf: '[x'\ng: '---'\nh: '...'\n",
        "a: '!x'\nb: '&x'\nc: '*x'\nd: '%x'\ne: '@x'\nf: '`x'\ng: '?'\nh: ':'\ni: '-'\nj: '|'\n",
        "'a: b': 1\n'': 2\n",
        "a: '1e3'\nb: 1e3\nc: 'null'\nd: '~'\ne: 'false'\nf: .5\ng: '.5'\n",
        "a: \"\\0\"\n",
        "a: \"\\x01\\x7f\\N\\P\\uFFFE\\U0001F600\"\n",
    };
    for (int i = 0; i < COUNT(rows); i++) {
        Arena arena = {0};
        Text once = {0}, twice = {0};
        read_text(rows[i], &arena, &once);
        if (text_of(&once)[0] == '{') {
            read_text(text_of(&once), &arena, &twice);
            cr_expect_str_eq(text_of(&once), text_of(&twice));
        }
        text_release(&once);
        text_release(&twice);
        arena_release(&arena);
    }
}

Test(yaml, what_is_no_config_is_a_problem_with_its_place) {
    static const char *const rows[][2] = {
        {"a: [1, 2\nb: 3\n", "t.yaml:2:2: not YAML: did not find expected ',' or ']' while parsing "
                             "a flow sequence\n"},
        {"a:\n\tb: 1\n", "t.yaml:2:1: not YAML: a tab; lines are indented with spaces\n"},
        {"a: 1\nb: 2\na: 3\nb: 4\n",
         "{a: 1, b: 2}t.yaml:3:1: duplicate key \"a\", first in line 1\n"
         "t.yaml:4:1: duplicate key \"b\", first in line 2\n"},
        {"a: &a [1, *a]\n", "t.yaml:1:11: alias *a lies inside its own anchor\n"},
        {"a: *b\n", "t.yaml:1:4: no anchor &b before *b\n"},
        {"a: !!int 3\n", "{a: 3}t.yaml:1:4: tags are not used here: tag:yaml.org,2002:int\n"},
        {"a: 1\n---\nb: 2\n", "t.yaml:2:1: a second document: a config is one\n"},
        {"{[1]: 2}\n", "t.yaml:1:2: a key must be a plain text\n"},
        {"a: \"x\\0y\"\n", "t.yaml:1:4: a text holds a zero byte\n"},
        {"a: 1\nb: \xff\n", "t.yaml:2:4: not YAML: invalid leading UTF-8 octet\n"},
        {"a: \x01\n", "t.yaml:1:4: not YAML: control characters are not allowed\n"},
        {"a: \"x\n", "t.yaml:2:1: not YAML: found unexpected end of stream while scanning a quoted "
                     "scalar\n"},
    };
    for (int i = 0; i < COUNT(rows); i++)
        expect_text(rows[i][0], rows[i][1]);
}

/* 10^5 aliased values and 64 levels are the limits: one less reads, one more does not. */
Test(yaml, aliases_and_depth_have_limits) {
    Text text = {0}, out = {0};
    Arena arena = {0};
    text_append(&text, "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
    for (char c = 'b'; c <= 'f'; c++)
        text_add(&text, "%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n", c, c, c - 1,
                 c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1);
    read_text(text_of(&text), &arena, &out);
    cr_expect_str_eq(text_of(&out), "t.yaml:5:40: aliases blow the file up beyond 100000 values\n");
    for (int depth = 64; depth <= 65; depth++) {
        text.n = out.n = 0;
        for (int i = 0; i < depth; i++)
            text_append(&text, i < depth - 1 ? "[" : "x");
        for (int i = 0; i < depth - 1; i++)
            text_append(&text, "]");
        read_text(text_of(&text), &arena, &out);
        cr_expect(depth == 64 ? text_of(&out)[0] == '['
                              : !strcmp(text_of(&out), "t.yaml:1:65: nested deeper than 64\n"),
                  "%s", text_of(&out));
    }
    text.n = out.n = 0; /* 40 levels, then 40 more by an alias */
    text_append(&text, "- &a ");
    for (int i = 0; i < 40; i++)
        text_append(&text, "[");
    for (int i = 0; i < 40; i++)
        text_append(&text, "]");
    text_append(&text, "\n- ");
    for (int i = 0; i < 40; i++)
        text_append(&text, "[");
    text_append(&text, "*a");
    for (int i = 0; i < 40; i++)
        text_append(&text, "]");
    read_text(text_of(&text), &arena, &out);
    cr_expect_str_eq(text_of(&out), "t.yaml:2:43: nested deeper than 64\n");
    text_release(&text);
    text_release(&out);
    arena_release(&arena);
}

Test(yaml, values_outside_of_files_have_one_place) {
    static const char *const rows[][2] = {
        {"[1, {a: x}]", "[1, {a: x}]"},
        {"", "null"},
        {" # nothing", "null"},
        {"[1", "k=v: not YAML: did not find expected ',' or ']' while parsing a flow sequence\n"},
        {"{a: 1, a: 2}", "{a: 1}k=v: duplicate key \"a\"\n"},
        {"\xff", "k=v: not YAML: invalid leading UTF-8 octet\n"},
    };
    for (int i = 0; i < COUNT(rows); i++) {
        Arena arena = {0};
        Problems problems = {.arena = &arena};
        Text out = {0};
        const Yaml *node = yaml_parse_at((Place){"k=v", 0, 0}, rows[i][0], &arena, &problems);
        if (node)
            yaml_print(node, &out);
        problems_print(&problems, &out);
        cr_expect_str_eq(text_of(&out), rows[i][1], "%s", text_of(&out));
        text_release(&out);
        arena_release(&arena);
    }
}

Test(yaml, files_that_cannot_be_read) {
    Arena arena = {0};
    Text out = {0};
    Problems problems = {.arena = &arena};
    cr_expect_null(yaml_load("/nonexistent/x.yaml", &arena, &problems));
    cr_expect_null(yaml_load("/", &arena, &problems));
    problems_print(&problems, &out);
    cr_expect_str_eq(text_of(&out),
                     "/nonexistent/x.yaml: cannot be read: No such file or directory\n"
                     "/: cannot be read: Is a directory\n");
    text_release(&out);
    arena_release(&arena);
}

static const Yaml *parse(const char *text, Arena *arena) {
    Problems problems = {.arena = arena};
    const Yaml *root = yaml_parse("t.yaml", text, strlen(text), arena, &problems);
    cr_assert(root && problems.n == 0);
    return root;
}

static void expect_tree(const Yaml *tree, const char *expected) {
    Text out = {0};
    yaml_print(tree, &out);
    cr_expect_str_eq(text_of(&out), expected);
    text_release(&out);
}

Test(yaml, edits_give_new_trees) {
    Arena arena = {0};
    Place place = {"new", 7, 8};
    const Yaml *root = parse("train: {optimizer: adam, steps: 5}\nx: [1]\n", &arena);
    const Yaml *value = yaml_scalar("0.8", place, &arena);
    const Yaml *edited = yaml_set(root, "train.optimizer.beta1", value, place, &arena);
    expect_tree(edited, "{train: {optimizer: {kind: adam, beta1: 0.8}, steps: 5}, x: [1]}");
    cr_expect_eq(yaml_find(edited, "train.optimizer.beta1"), value);
    cr_expect_null(yaml_find(edited, "train.optimizer.beta1.more"));
    expect_tree(yaml_set(edited, "train.optimizer.beta1", NULL, place, &arena),
                "{train: {optimizer: {kind: adam}, steps: 5}, x: [1]}");
    expect_tree(yaml_set(root, "a.b.c", value, place, &arena),
                "{train: {optimizer: adam, steps: 5}, x: [1], a: {b: {c: 0.8}}}");
    expect_tree(yaml_set(root, "a.b.c", NULL, place, &arena),
                "{train: {optimizer: adam, steps: 5}, x: [1]}");
    expect_tree(root, "{train: {optimizer: adam, steps: 5}, x: [1]}");
    const Yaml *over = parse("train: {steps: 6, batch: 2}\nx: {y: 1}\nz: 3\n", &arena);
    expect_tree(yaml_merge(root, over, 2, &arena),
                "{train: {optimizer: adam, steps: 6, batch: 2}, x: {y: 1}, z: 3}");
    expect_tree(yaml_merge(root, over, 1, &arena),
                "{train: {steps: 6, batch: 2}, x: {y: 1}, z: 3}");
    arena_release(&arena);
}

/* The core schema of YAML 1.2, decimal numbers only. */
Test(yaml, scalars_as_values) {
    static const struct {
        const char *text;
        bool is_real, is_integer;
        double value;
    } rows[] = {
        {"5", true, true, 5},
        {"-5", true, true, -5},
        {"+5", true, true, 5},
        {"1e6", true, true, 1e6},
        {"1.5", true, false, 1.5},
        {".5", true, false, .5},
        {"5.", true, true, 5},
        {"1e-3", true, false, 1e-3},
        {"1E+3", true, true, 1000},
        {"1e999", false, false, 0},
        {"", false, false, 0},
        {".", false, false, 0},
        {"-", false, false, 0},
        {"e5", false, false, 0},
        {"1e", false, false, 0},
        {"0x10", false, false, 0},
        {"1_000", false, false, 0},
        {".inf", false, false, 0},
        {"nan", false, false, 0},
        {"inf", false, false, 0},
        {"1 2", false, false, 0},
        {"007", true, true, 7},
        {"1e17", true, false, 1e17},
        {"9223372036854775807", true, false, 0x1p63},
        {"9223372036854774784", true, true, 9223372036854774784.0},
    };
    for (int i = 0; i < COUNT(rows); i++) {
        Arena arena = {0};
        const Yaml *node = yaml_scalar(rows[i].text, (Place){"t", 1, 1}, &arena);
        double real = 0;
        long long integer = 0;
        cr_expect_eq(yaml_is_real(node, &real), rows[i].is_real, "%s", rows[i].text);
        cr_expect_eq(yaml_is_integer(node, &integer), rows[i].is_integer, "%s", rows[i].text);
        if (rows[i].is_real)
            cr_expect_eq(real, rows[i].value, "%s", rows[i].text);
        if (rows[i].is_integer)
            cr_expect_eq((double)integer, rows[i].value, "%s", rows[i].text);
        arena_release(&arena);
    }
}

Test(problem, sorted_by_place_once_each_and_cut_at_50) {
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    Text out = {0};
    problem_add(&problems, (Place){"b", 2, 1}, "second");
    problem_add(&problems, (Place){"a", 1, 1}, "in another file");
    problem_add(&problems, (Place){"b", 1, 9}, "first %d", 1);
    problem_add(&problems, (Place){"b", 2, 1}, "second");
    problem_add(&problems, (Place){"b", 2, 1}, "third");
    problem_add(&problems, (Place){"k=v", 0, 0}, "no line");
    problems_print(&problems, &out);
    cr_expect_str_eq(text_of(&out), "b:1:9: first 1\nb:2:1: second\nb:2:1: third\n"
                                    "a:1:1: in another file\nk=v: no line\n");
    for (int i = 0; i < 2000; i++)
        problem_add(&problems, (Place){"b", 100 + i, 1}, "more");
    out.n = 0;
    problems_print(&problems, &out);
    cr_expect(text_ends(text_of(&out), "b:146:1: more\n… and 1955 more\n"), "%s", text_of(&out));
    text_release(&out);
    arena_release(&arena);
}

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
    const Yaml *map = parse("inner: {kind: plain, angle: x}\nother: 2\n", &arena);
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
