/* What is wrong with a config as a text: its YAML, its sections' types, what overrides and includes
 * make of it. */
#include "tests/bad_config.h"
#include "tests/folder.h"

static const BadConfig bad_texts[] = {
    {"a list that does not end",
     "data: [1, 2\n"
     "model: 3\n",
     {0},
     "t.yaml:2:6: not YAML: did not find expected ',' or ']' while parsing a flow sequence\n"},
    {"a tab",
     "data:\n"
     "\tn_features: 5\n",
     {0},
     "t.yaml:2:1: not YAML: a tab; lines are indented with spaces\n"},
    {"a text that does not end",
     BASE "title: \"x\n",
     {0},
     "t.yaml:4:1: not YAML: found unexpected end of stream while scanning a quoted scalar\n"},
    {"wrong indentation",
     "data:\n"
     "  n_features: 5\n"
     " feature_probability: 1\n",
     {0},
     "t.yaml:3:2: not YAML: did not find expected key while parsing a block mapping\n"},
    {"not UTF-8", "title: \377\n", {0}, "t.yaml:1:8: not YAML: invalid leading UTF-8 octet\n"},
    {"a duplicate section and a duplicate key",
     BASE "data: {n_features: 3}\n"
          "train: {steps: 5, steps: 6}\n",
     {0},
     "t.yaml:3:1: duplicate key \"data\", first in line 1\n"
     "t.yaml:4:19: duplicate key \"steps\", first in line 4\n"},
    {"an alias inside itself",
     "data: &d {n_features: *d}\n",
     {0},
     "t.yaml:1:23: alias *d lies inside its own anchor\n"},
    {"an alias of nothing", "data: *d\n", {0}, "t.yaml:1:7: no anchor &d before *d\n"},
    {"a tag",
     BASE "train: {steps: !!int 5}\n",
     {0},
     "t.yaml:3:16: tags are not used here: tag:yaml.org,2002:int\n"},
    {"two documents",
     BASE "---\n"
          "data: {n_features: 5, feature_probability: 0.05}\n"
          "model: {kind: relu_output, n_hidden: 2}\n",
     {0},
     "t.yaml:3:1: a second document: a config is one\n"},
    {"a root that is a list",
     "- data\n"
     "- model\n",
     {0},
     "t.yaml:1:1: a config is a map of sections, not a list\n"},
    {"a root that is a text",
     "data\n",
     {0},
     "t.yaml:1:1: a config is a map of sections, not a text\n"},
    {"a key that is a list",
     BASE "? [a]\n"
          ": 1\n",
     {0},
     "t.yaml:3:3: a key must be a plain text\n"},
    {"an empty file",
     "",
     {0},
     "t.yaml:1:1: data.n_features must be given: integer in [1, 100000]\n"
     "t.yaml:1:1: data.feature_probability must be given: number | list | {first, rest}, each in "
     "[0, 1] | {zipf, active}, each >= 0\n"
     "t.yaml:1:1: model must name its kind: one of linear, relu_output, relu_hidden, two_layer, "
     "residual\n"},
    {"a text for a number",
     BASE "train: {learning_rate: \"1e-3\"}\n",
     {0},
     "t.yaml:3:24: train.learning_rate takes number >= 0, not \"1e-3\"\n"},
    {"block text where a number is meant",
     BASE "train:\n"
          "  steps: |\n"
          "    5\n",
     {0},
     "t.yaml:4:10: train.steps takes integer in [0, 1000000000000], not \"5\\n\"\n"},
    {"a control character",
     "title: \001\n",
     {0},
     "t.yaml:1:8: not YAML: control characters are not allowed\n"},
    {"a zero byte in a text",
     BASE "title: \"a\\0b\"\n",
     {0},
     "t.yaml:3:8: a text holds a zero byte\n"}};

Test(config_errors_text, gives_all_its_problems) {
    for (int i = 0; i < COUNT(bad_texts); i++)
        expect_problems(&bad_texts[i]);
}

static const BadConfig bad_overrides[] = {
    {"an override without a value",
     BASE "",
     {"train.steps"},
     "train.steps: an override is KEY=VALUE with a key such as train.steps\n"},
    {"an override without a key",
     BASE "",
     {"=5"},
     "=5: an override is KEY=VALUE with a key such as train.steps\n"},
    {"an override with a broken key",
     BASE "",
     {"train..steps=5"},
     "train..steps=5: an override is KEY=VALUE with a key such as train.steps\n"},
    {"overrides that are no YAML",
     BASE "",
     {"train.steps=[5", "train.batch=}"},
     "train.steps=[5: not YAML: did not find expected ',' or ']' while parsing a flow sequence\n"
     "train.batch=}: not YAML: did not find expected node content while parsing a block node\n"},
    {"overrides of unknown keys",
     BASE "",
     {"trian.steps=5", "train.stesp=5", "sweep.train.sed=[1]"},
     "trian.steps=5: a config has no section \"trian\"; did you mean \"train\"?\n"
     "train.stesp=5: train has no setting \"stesp\"; did you mean \"steps\"?\n"
     "sweep.train.sed=[1]: train has no setting \"sed\"; did you mean \"seed\"?\n"},
    {"settings without their section",
     BASE "steps: 5\nsweep: {n_hidden: [1, 2]}\n",
     {"restarts=2"},
     "t.yaml:3:1: a config has no section \"steps\"; did you mean \"train.steps\"?\n"
     "t.yaml:4:9: an axis begins with a section's name; did you mean \"model.n_hidden\"?\n"
     "restarts=2: a config has no section \"restarts\"; did you mean \"train.restarts\"?\n"},
    {"overrides that do not fit",
     BASE "",
     {"train.steps=many", "data.feature_probability=2", "sweep.train.seed=5", "model.kind=lienar"},
     "sweep.train.seed=5: an axis takes a list, {range: …}, {linspace: …} or {logspace: …}, not 5\n"
     "data.feature_probability=2: data.feature_probability takes number | list | {first, rest}, "
     "each in [0, 1] | {zipf, active}, each >= 0, not 2\n"
     "model.kind=lienar: there is no model kind \"lienar\"; did you mean \"linear\"?\n"
     "train.steps=many: train.steps takes integer in [0, 1000000000000], not many\n"},
    {"an empty override",
     BASE "",
     {"train.steps="},
     "train.steps=: train.steps takes integer in [0, 1000000000000], not nothing\n"},
    {"an include by override",
     BASE "",
     {"include=x.yaml"},
     "include=x.yaml: an override is KEY=VALUE with a key such as train.steps\n"},
    {"an override inside a swept value",
     BASE "sweep: {data: [{n_features: 3, feature_probability: 1}]}\n",
     {"data.n_features=zebra"},
     "data.n_features=zebra: the axis data sets it: override data or sweep.data\n"}};

Test(config_errors_text, overrides_are_their_own_place) {
    for (int i = 0; i < COUNT(bad_overrides); i++)
        expect_problems(&bad_overrides[i]);
}

/* Ten times ten times … : 10^5 values are passed in the fifth line, by its ninth alias. */
Test(config_errors_text, an_alias_bomb_is_refused) {
    BadConfig bad = {.what = "an alias bomb",
                     .text = "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
                             "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
                             "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
                             "d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
                             "e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n",
                     .problems = "t.yaml:5:40: aliases blow the file up beyond 100000 values\n"};
    expect_problems(&bad);
}

Test(config_errors_text, too_deep_nesting_is_refused) {
    char text[128] = "title: ";
    memset(text + 7, '[', 100);
    BadConfig bad = {.what = "a hundred brackets",
                     .text = text,
                     .problems = "t.yaml:1:71: nested deeper than 64\n"};
    expect_problems(&bad);
}

Test(config_errors_text, more_than_fifty_are_cut) {
    Text text = {0}, expected = {0};
    text_append(&text, BASE);
    for (int i = 0; i < 63; i++) {
        text_add(&text, "zebra%02d: 1\n", i);
        if (i < 50)
            text_add(&expected,
                     "t.yaml:%d:1: a config has no section \"zebra%02d\"; known: title, include, "
                     "data, task, model, train, changes, sweep, record, instruments, summaries, "
                     "figures, expect\n",
                     3 + i, i);
    }
    text_append(&expected, "… and 13 more\n");
    expect_problems(&(BadConfig){
        .what = "63 sections", .text = text_of(&text), .problems = text_of(&expected)});
    text_release(&text);
    text_release(&expected);
}

/* A folder of files, each with what it includes and what must be said. */
static const struct {
    const char *name, *text, *problems;
} files[] = {
    {"missing.yaml", BASE "include: nowhere.yaml\n",
     "missing.yaml:3:10: nowhere.yaml cannot be read: No such file or directory\n"},
    {"itself.yaml", BASE "include: itself.yaml\n",
     "itself.yaml:3:10: itself.yaml includes itself\n"},
    {"a.yaml", BASE "include: b.yaml\n", "b.yaml:1:10: a.yaml includes itself\n"},
    {"b.yaml", "include: a.yaml\n" BASE, "a.yaml:3:10: b.yaml includes itself\n"},
    {"list.yaml", BASE "include: [x.yaml]\n",
     "list.yaml:3:10: include takes the name of a file, not a list\n"},
    {"inner.yaml", "train: {steps: x}\nzebra: 1\n",
     "inner.yaml:1:1: data.n_features must be given: integer in [1, 100000]\n"
     "inner.yaml:1:1: data.feature_probability must be given: number | list | {first, rest}, each "
     "in [0, 1] | {zipf, active}, each >= 0\n"
     "inner.yaml:1:1: model must name its kind: one of linear, relu_output, relu_hidden, "
     "two_layer, residual\n"
     "inner.yaml:1:16: train.steps takes integer in [0, 1000000000000], not x\n"
     "inner.yaml:2:1: a config has no section \"zebra\"; known: title, include, data, task, model, "
     "train, changes, sweep, record, instruments, summaries, figures, expect\n"},
    {"outer.yaml", BASE "include: inner.yaml\ntrain: {batch: x}\n",
     "inner.yaml:1:16: train.steps takes integer in [0, 1000000000000], not x\n"
     "inner.yaml:2:1: a config has no section \"zebra\"; known: title, include, data, task, model, "
     "train, changes, sweep, record, instruments, summaries, figures, expect\n"
     "outer.yaml:4:16: train.batch takes integer in [1, 1000000], not x\n"},
    {"broken.yaml", "a: [\n",
     "broken.yaml:2:1: not YAML: did not find expected node content while "
     "parsing a flow node\n"},
    {"of_broken.yaml", BASE "include: broken.yaml\ntrain: {batch: x}\n",
     "broken.yaml:2:1: not YAML: did not find expected node content while parsing a flow node\n"
     "of_broken.yaml:4:16: train.batch takes integer in [1, 1000000], not x\n"},
};

Test(config_errors_text, includes) {
    enter_folder();
    for (int i = 0; i < COUNT(files); i++)
        write_text(files[i].name, files[i].text);
    for (int i = 0; i < COUNT(files); i++) {
        Arena arena = {0};
        Problems problems = {.arena = &arena};
        Text out = {0};
        cr_expect_null(experiment_load(files[i].name, NULL, 0, &arena, &problems));
        problems_print(&problems, &out);
        cr_expect_str_eq(text_of(&out), files[i].problems, "%s:\n%sinstead of\n%s", files[i].name,
                         text_of(&out), files[i].problems);
        text_release(&out);
        arena_release(&arena);
    }
    leave_folder();
}
