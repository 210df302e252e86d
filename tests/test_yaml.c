/* config: YAML trees and problems. What is YAML is from the YAML 1.2 specification. */
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
