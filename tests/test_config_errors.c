/* Bad configs, and all that must be said about each: every problem in one go, each at its place,
 * with the nearest known name or what is allowed. The messages are the contract: lines and columns
 * are counted in the texts beside them. */
#include "sim/base/memory.h"
#include "sim/experiment/experiment.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

#define BASE                                                                                       \
    "data: {n_features: 5, feature_probability: 0.05}\n"                                           \
    "model: {kind: relu_output, n_hidden: 2}\n"

enum { MAX_OVERRIDES = 4 };

typedef struct BadConfig {
    const char *what, *text;
    const char *overrides[MAX_OVERRIDES];
    const char *problems;
} BadConfig;

static void expect_problems(const BadConfig *bad) {
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    Text out = {0};
    int n_overrides = 0;
    while (n_overrides < MAX_OVERRIDES && bad->overrides[n_overrides])
        n_overrides++;
    cr_expect_null(experiment_parse("t.yaml", bad->text, strlen(bad->text), bad->overrides,
                                    n_overrides, &arena, &problems));
    problems_print(&problems, &out);
    cr_expect_str_eq(text_of(&out), bad->problems, "%s:\n%sgives\n%sinstead of\n%s", bad->what,
                     bad->text, text_of(&out), bad->problems);
    text_release(&out);
    arena_release(&arena);
}

static const BadConfig bad_configs[] = {
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
    {"unknown sections with and without a near one",
     BASE "trian: {}\n"
          "zebra: 1\n",
     {0},
     "t.yaml:3:1: a config has no section \"trian\"; did you mean \"train\"?\n"
     "t.yaml:4:1: a config has no section \"zebra\"; known: title, include, data, task, model, "
     "train, changes, sweep, record, instruments, summaries, figures, expect\n"},
    {"sections that are no maps",
     "data: 5\n"
     "model: [1]\n"
     "train: 7\n",
     {0},
     "t.yaml:1:7: there is no data kind \"5\"; known: independent, correlated, anticorrelated, "
     "hierarchical, one_hot, exactly_k, dataset, file\n"
     "t.yaml:2:8: model takes the name of its kind or a map, not a list\n"
     "t.yaml:3:8: train takes a map of settings, not 7\n"},
    {"a title that is a map",
     BASE "title: {a: 1}\n",
     {0},
     "t.yaml:3:8: title takes a text, not a map\n"},
    {"an unknown data kind",
     "data: {kind: independant, n_features: 5, feature_probability: 1}\n"
     "model: {kind: linear, n_hidden: 2}\n",
     {0},
     "t.yaml:1:14: there is no data kind \"independant\"; did you mean \"independent\"?\n"},
    {"unknown kinds everywhere",
     "data: {kind: zebra}\n"
     "task: identty\n"
     "model: {kind: relu, n_hidden: 2}\n"
     "train: {optimizer: adan, schedule: {kind: cosin}}\n",
     {0},
     "t.yaml:1:14: there is no data kind \"zebra\"; known: independent, correlated, "
     "anticorrelated, hierarchical, one_hot, exactly_k, dataset, file\n"
     "t.yaml:2:7: there is no task kind \"identty\"; did you mean \"identity\"?\n"
     "t.yaml:3:15: there is no model kind \"relu\"; known: linear, relu_output, relu_hidden, "
     "two_layer, residual\n"
     "t.yaml:4:20: there is no optimizer \"adan\"; did you mean \"adam\"?\n"
     "t.yaml:4:43: there is no schedule \"cosin\"; did you mean \"cosine\"?\n"},
    {"a model without a kind",
     "data: {n_features: 5, feature_probability: 1}\n"
     "model: {n_hidden: 2}\n",
     {0},
     "t.yaml:2:8: model must name its kind: one of linear, relu_output, relu_hidden, two_layer, "
     "residual\n"},
    {"a kind that is a list",
     "data: {kind: [independent]}\n"
     "model: {kind: linear, n_hidden: 2}\n",
     {0},
     "t.yaml:1:14: data takes the name of its kind, not a list\n"},
    {"missing settings",
     "data: independent\n"
     "model: linear\n",
     {0},
     "t.yaml:1:7: data.n_features must be given: integer in [1, 100000]\n"
     "t.yaml:1:7: data.feature_probability must be given: number | list | {first, rest}, each in "
     "[0, 1] | {zipf, active}, each >= 0\n"
     "t.yaml:2:8: model.n_hidden must be given: integer in [1, 100000]\n"},
    {"weights from nowhere",
     "data: {n_features: 5, feature_probability: 0.05}\n"
     "model: {kind: relu_output, n_hidden: 2, init_from: some.db}\n",
     {NULL},
     "t.yaml:2:52: model.init_from takes none, FILE.npz or STORE.db#run, not some.db\n"},
    {"an embedding under an activation",
     "data: {n_features: 5, feature_probability: 0.05}\n"
     "model: {kind: residual, n_hidden: 2, embedding: 9}\n",
     {NULL},
     "t.yaml:2:49: model.embedding wants model.output_activation linear, not relu: what the layer "
     "gives is added to the residual stream, which no activation follows\n"},
    {"an embedding under an activation at some points",
     "data: {n_features: 5, feature_probability: 0.05}\n"
     "model: {kind: residual, n_hidden: 2, output_activation: linear}\n"
     "sweep: {model.embedding: [0, 9], model.output_activation: [linear, gelu]}\n",
     {NULL},
     "t.yaml:3:30: model.embedding wants model.output_activation linear, not gelu: what the layer "
     "gives is added to the residual stream, which no activation follows\n"},
    {"an embedding of another kind",
     "data: {n_features: 5, feature_probability: 0.05}\n"
     "model: {kind: two_layer, n_hidden: 2, embedding: 9}\n",
     {NULL},
     "t.yaml:2:39: model has no setting \"embedding\"; known: n_hidden, init_std, init_from, bias, "
     "hidden_bias, hidden_penalty, hidden_activation, output_activation\n"},
    {"a metric that is too large",
     "data: {n_features: 3000, feature_probability: 0.05}\n"
     "model: {kind: relu_output, n_hidden: 2}\n"
     "record: {metrics: [loss, gram]}\n",
     {NULL},
     "t.yaml:3:26: gram is measured up to 2000 features, and there are 3000\n"},
    {"a metric of too many dimensions",
     "data: {n_features: 3000, feature_probability: 0.05}\n"
     "model: {kind: relu_output, n_hidden: 1001}\n"
     "record: {metrics: [leverage, effective_rank]}\n",
     {NULL},
     "t.yaml:3:20: leverage is measured up to 1000 features or hidden dimensions, and there are "
     "1001\n"},
    {"unknown settings",
     "data: {n_features: 5, feature_probabilty: 1}\n"
     "model: {kind: linear, n_hidden: 2, tied: true}\n"
     "train: {bacth: 5, optimizer: {kind: adam, beta3: 1}}\n",
     {0},
     "t.yaml:1:7: data.feature_probability must be given: number | list | {first, rest}, each in "
     "[0, 1] | {zipf, active}, each >= 0\n"
     "t.yaml:1:23: data has no setting \"feature_probabilty\"; did you mean "
     "\"feature_probability\"?\n"
     "t.yaml:2:36: model has no setting \"tied\"; known: n_hidden, init_std, init_from, "
     "bias, hidden_bias, hidden_penalty\n"
     "t.yaml:3:9: train has no setting \"bacth\"; did you mean \"batch\"?\n"
     "t.yaml:3:43: train.optimizer has no setting \"beta3\"; did you mean \"beta1\"?\n"},
    {"a setting of another kind",
     BASE "train: {optimizer: {kind: sgd, beta1: 0.9}}\n",
     {0},
     "t.yaml:3:32: train.optimizer has no setting \"beta1\"; none is known\n"},
    {"wrong types",
     "data: {n_features: five, feature_probability: {first: 1}}\n"
     "model: {kind: linear, n_hidden: 2.5, hidden_bias: yes, init_std: big}\n"
     "train: {steps: [1], seed: '1', batch: }\n",
     {0},
     "t.yaml:1:20: data.n_features takes integer in [1, 100000], not five\n"
     "t.yaml:1:47: data.feature_probability takes number | list | {first, rest}, each in [0, 1] | "
     "{zipf, active}, each >= 0, "
     "not a map\n"
     "t.yaml:2:33: model.n_hidden takes integer in [1, 100000], not 2.5\n"
     "t.yaml:2:51: model.hidden_bias takes true or false, not yes\n"
     "t.yaml:2:66: model.init_std takes number >= 0 | xavier, not big\n"
     "t.yaml:3:16: train.steps takes integer in [0, 1000000000000], not a list\n"
     "t.yaml:3:27: train.seed takes integer in [0, 9e+15], not \"1\"\n"
     "t.yaml:3:39: train.batch takes integer in [1, 1000000], not nothing\n"},
    {"out of range",
     "data: {n_features: 0, feature_probability: 1.5, value: unform}\n"
     "model: {kind: linear, n_hidden: 0}\n"
     "train: {batch: 0, steps: -1, loss_exponent: 0, learning_rate: 1e999, seed: 1e17}\n",
     {0},
     "t.yaml:1:20: data.n_features takes integer in [1, 100000], not 0\n"
     "t.yaml:1:44: data.feature_probability takes number | list | {first, rest}, each in [0, 1] | "
     "{zipf, active}, each >= 0, "
     "not 1.5\n"
     "t.yaml:1:56: data.value takes one of uniform, signed_uniform, binary, not unform; did you "
     "mean "
     "\"uniform\"?\n"
     "t.yaml:2:33: model.n_hidden takes integer in [1, 100000], not 0\n"
     "t.yaml:3:16: train.batch takes integer in [1, 1000000], not 0\n"
     "t.yaml:3:26: train.steps takes integer in [0, 1000000000000], not -1\n"
     "t.yaml:3:45: train.loss_exponent takes number > 0, not 0\n"
     "t.yaml:3:63: train.learning_rate takes number >= 0, not 1e999\n"
     "t.yaml:3:76: train.seed takes integer in [0, 9e+15], not 1e17\n"},
    {"too many features",
     "data: {n_features: 1e9, feature_probability: 1}\n"
     "model: {kind: linear, n_hidden: 2}\n",
     {0},
     "t.yaml:1:20: data.n_features takes integer in [1, 100000], not 1e9\n"},
    {"bad elements of a list",
     "data: {n_features: 3, feature_probability: [0.5, 2, x]}\n"
     "model: {kind: linear, n_hidden: 2}\n",
     {0},
     "t.yaml:1:50: data.feature_probability takes number | list | {first, rest}, each in [0, 1] | "
     "{zipf, active}, each >= 0, "
     "not 2\n"
     "t.yaml:1:53: data.feature_probability takes number | list | {first, rest}, each in [0, 1] | "
     "{zipf, active}, each >= 0, "
     "not x\n"},
    {"unknown forms",
     "data: {n_features: 5, feature_probability: {frist: 1, rest: 0.5}}\n"
     "model: {kind: relu_output, n_hidden: 2}\n"
     "task: {importance: {decy: 0.9}}\n",
     {0},
     "t.yaml:1:45: data.feature_probability has no \"frist\"; did you mean \"first\"?\n"
     "t.yaml:3:21: task.importance has no \"decy\"; did you mean \"decay\"?\n"},
    {"power laws that are none",
     "data: {n_features: 5, feature_probability: {zipf: -1, active: x}}\n"
     "model: {kind: relu_output, n_hidden: 2}\n",
     {0},
     "t.yaml:1:51: data.feature_probability takes number | list | {first, rest}, each in [0, 1] | "
     "{zipf, active}, each >= 0, not -1\n"
     "t.yaml:1:63: data.feature_probability takes number | list | {first, rest}, each in [0, 1] | "
     "{zipf, active}, each >= 0, not x\n"},
    {"a power law without its sum",
     "data: {n_features: 5, feature_probability: {zipf: 1}}\n"
     "model: {kind: relu_output, n_hidden: 2}\n",
     {0},
     "t.yaml:1:44: data.feature_probability takes number | list | {first, rest}, each in [0, 1] | "
     "{zipf, active}, each >= 0, not a map\n"},
    {"more active features than a power law has room for", /* 1 + 1/2 = 1.5 */
     "data: {n_features: 2, feature_probability: {zipf: 1, active: 1.8}}\n"
     "model: {kind: relu_output, n_hidden: 2}\n",
     {0},
     "t.yaml:1:7: data.feature_probability: 1.8 active features with the exponent 1 give the first "
     "one a probability of 1.2; at most 1.5 can be active\n"},
    {"sets that do not fit",
     "data: {kind: correlated, n_features: 5, feature_probability: 0.1}\n"
     "model: {kind: relu_output, n_hidden: 2}\n",
     {0},
     "t.yaml:1:7: data.set_size: sets of 2 do not divide 5 features\n"},
    {"settings of sets out of range",
     "data: {kind: correlated, n_features: 4, feature_probability: 2, set_size: 0, correlation: 2, "
     "value_scale: 0, unit_norm: 1}\n"
     "model: {kind: relu_output, n_hidden: 2}\n",
     {0},
     "t.yaml:1:62: data.feature_probability takes number in [0, 1], not 2\n"
     "t.yaml:1:75: data.set_size takes integer in [1, 100000], not 0\n"
     "t.yaml:1:91: data.correlation takes number in [0, 1], not 2\n"
     "t.yaml:1:107: data.value_scale takes number in [1e-06, 1000000], not 0\n"
     "t.yaml:1:121: data.unit_norm takes true or false, not 1\n"},
    {"anticorrelated sets without a probability",
     "data: {kind: anticorrelated, n_features: 4}\n"
     "model: {kind: relu_output, n_hidden: 2}\n",
     {0},
     "t.yaml:1:7: data: anticorrelated takes feature_probability or set_probability, and neither "
     "is given\n"},
    {"anticorrelated sets with two probabilities",
     "data: {kind: anticorrelated, n_features: 4, feature_probability: 0.1, set_probability: 0.2}\n"
     "model: {kind: relu_output, n_hidden: 2}\n",
     {0},
     "t.yaml:1:7: data: anticorrelated takes feature_probability or set_probability, not both\n"},
    {"features that exclude each other too often",
     "data: {kind: anticorrelated, n_features: 4, feature_probability: 0.4, set_size: 4}\n"
     "model: {kind: relu_output, n_hidden: 2}\n",
     {0},
     "t.yaml:1:7: data.feature_probability: 0.4 for each of 4 features that exclude each other is "
     "more than 1; at most 0.25\n"},
    {"more active features than there are",
     "data: {kind: exactly_k, n_features: 4, n_active: 5}\n"
     "model: {kind: relu_output, n_hidden: 2}\n",
     {0},
     "t.yaml:1:7: data.n_active: 5 of 4 features cannot be active\n"},
    {"weights without a sum",
     "data: {kind: one_hot, n_features: 4, weight: 0}\n"
     "model: {kind: relu_output, n_hidden: 2}\n",
     {0},
     "t.yaml:1:7: data.weight: the weights' sum is 0\n"},
    {"a dataset that is none",
     "data: {kind: dataset, n_features: 4, feature_probability: 0.1, n_samples: 0, order: random}\n"
     "model: {kind: relu_output, n_hidden: 2}\n",
     {0},
     "t.yaml:1:75: data.n_samples takes integer in [1, 10000000], not 0\n"
     "t.yaml:1:85: data.order takes one of fixed, shuffled, not random\n"},
    {"pairs of an odd number of features",
     BASE "task: max\n",
     {0},
     "t.yaml:3:7: task.kind: max takes pairs of features, and data.n_features is 5, odd\n"},
    {"importance below 0",
     BASE "task: {importance: [1, 1, -1, 1, 1]}\n",
     {0},
     "t.yaml:3:27: task.importance takes number | list | {decay} | {last}, each >= 0, not -1\n"},
    {"what only two axes together make wrong",
     "data: {kind: anticorrelated, n_features: 4, feature_probability: 0.1}\n"
     "model: {kind: relu_output, n_hidden: 2}\n"
     "sweep: {data.feature_probability: [0.2, 0.6], data.set_size: [1, 2]}\n",
     {0},
     "t.yaml:1:7: data.feature_probability: 0.6 for each of 2 features that exclude each other is "
     "more than 1; at most 0.5\n"},
    {"what a change makes wrong",
     "data: {kind: anticorrelated, n_features: 4, feature_probability: 0.1, set_size: 2}\n"
     "model: {kind: relu_output, n_hidden: 2}\n"
     "changes:\n"
     "  - {step: 5, set: {data.feature_probability: 0.2}}\n"
     "  - {step: 8, set: {data.feature_probability: 0.6, task.importance: [1, 2]}}\n",
     {0},
     "t.yaml:5:12: from step 8: data.feature_probability: 0.6 for each of 2 features that exclude "
     "each other is more than 1; at most 0.5\n"
     "t.yaml:5:69: task.importance is a list of 2 numbers, but there are 4 features\n"},
    {"what a change makes wrong at one value of an axis",
     "data: {kind: anticorrelated, n_features: 4, feature_probability: 0.1}\n"
     "model: {kind: relu_output, n_hidden: 2}\n"
     "changes: [{step: 5, set: {data.feature_probability: 0.6}}]\n"
     "sweep: {data.set_size: [1, 2]}\n",
     {0},
     "t.yaml:3:18: from step 5: data.feature_probability: 0.6 for each of 2 features that exclude "
     "each other is more than 1; at most 0.5\n"},
    {"lists of another length",
     "data: {n_features: 5, feature_probability: [1, 1]}\n"
     "model: {kind: relu_output, n_hidden: 2}\n"
     "task: {importance: [1, 2, 3]}\n",
     {0},
     "t.yaml:1:44: data.feature_probability is a list of 2 numbers, but there are 5 features\n"
     "t.yaml:3:20: task.importance is a list of 3 numbers, but there are 5 features\n"},
    {"more memory than any machine has",
     "data: {n_features: 5, feature_probability: 0.05}\n"
     "model: {kind: relu_output, n_hidden: 2000000000000}\n",
     {0},
     "t.yaml:2:38: model.n_hidden takes integer in [1, 100000], not 2000000000000\n"},
    {"axes without values",
     BASE "sweep:\n"
          "  train.seed: []\n"
          "  train.steps: {range: [5, 5]}\n"
          "  train.batch: {range: [5, 0]}\n",
     {0},
     "t.yaml:4:15: the axis train.seed has no values\n"
     "t.yaml:5:16: the axis train.steps has no values\n"
     "t.yaml:6:16: the axis train.batch has no values\n"},
    {"a count of 0",
     BASE "sweep: {data.feature_probability: {linspace: [0, 1, 0]}, train.learning_rate: "
          "{logspace: [1, 2, 0]}}\n",
     {0},
     "t.yaml:3:46: linspace takes [first, last, n], n an integer >= 1\n"
     "t.yaml:3:90: logspace takes [first, last, n], values > 0, n an integer >= 1\n"},
    {"logspace through 0",
     BASE "sweep: {data.feature_probability: {logspace: [0, 1, 3]}, train.learning_rate: "
          "{logspace: [-1, -2, 3]}}\n",
     {0},
     "t.yaml:3:46: logspace takes [first, last, n], values > 0, n an integer >= 1\n"
     "t.yaml:3:90: logspace takes [first, last, n], values > 0, n an integer >= 1\n"},
    {"ranges that are none",
     BASE "sweep:\n"
          "  train.seed: {range: [0, 1.5]}\n"
          "  train.steps: {range: [1, 5, 0]}\n"
          "  train.batch: {range: 5}\n",
     {0},
     "t.yaml:4:23: range takes [first, end] or [first, end, step], integers, the step not 0\n"
     "t.yaml:5:24: range takes [first, end] or [first, end, step], integers, the step not 0\n"
     "t.yaml:6:24: range takes [first, end] or [first, end, step], integers, the step not 0\n"},
    {"an unknown generator",
     BASE "sweep: {train.learning_rate: {logspce: [1, 2, 3]}}\n",
     {0},
     "t.yaml:3:31: there is no axis form \"logspce\"; did you mean \"logspace\"?\n"},
    {"an axis that is a number",
     BASE "sweep: {train.seed: 5, train.steps: {range: [1, 2], list: [1]}}\n",
     {0},
     "t.yaml:3:21: an axis takes a list, {range: …}, {linspace: …} or {logspace: …}, not 5\n"
     "t.yaml:3:37: an axis takes a list, {range: …}, {linspace: …} or {logspace: …}, not a map\n"},
    {"a sweep that is a list",
     BASE "sweep: [1]\n",
     {0},
     "t.yaml:3:8: sweep takes a map of axes, not a list\n"},
    {"axes of unknown settings",
     BASE "sweep: {trian.seed: [1], train.sed: [1], data.zebra: [1, 2]}\n",
     {0},
     "t.yaml:3:9: an axis begins with a section's name; there is no \"trian\"; did you mean "
     "\"train\"?\n"
     "t.yaml:3:26: train has no setting \"sed\"; did you mean \"seed\"?\n"
     "t.yaml:3:42: data has no setting \"zebra\"; known: n_features, feature_probability, value, "
     "value_scale, unit_norm\n"},
    {"an axis that was not meant",
     BASE "sweep: {train.restarts: [1, 2], train: [{steps: 5}], record.loss_samples: [5],\n"
          "  train.restart: [1, 2]}\n",
     {0},
     "t.yaml:3:9: train.restarts cannot be swept: runs are numbered by it\n"
     "t.yaml:3:33: train cannot be swept as a whole: sweep its settings, such as "
     "train.learning_rate\n"
     "t.yaml:3:54: an axis begins with a section's name; there is no \"record\"; known: data, "
     "task, model, train\n"
     "t.yaml:4:3: train.restart cannot be swept: runs are numbered by it\n"},
    {"values out of range, each at its own place",
     BASE "sweep:\n"
          "  data.feature_probability: [0.5, 2, -1]\n"
          "  model.n_hidden: {range: [0, 3]}\n"
          "  model.kind: [linear, relu_otput]\n",
     {0},
     "t.yaml:4:35: data.feature_probability takes number | list | {first, rest}, each in [0, 1] | "
     "{zipf, active}, each >= 0, "
     "not 2\n"
     "t.yaml:4:38: data.feature_probability takes number | list | {first, rest}, each in [0, 1] | "
     "{zipf, active}, each >= 0, "
     "not -1\n"
     "t.yaml:5:3: model.n_hidden takes integer in [1, 100000], not 0\n"
     "t.yaml:6:24: there is no model kind \"relu_otput\"; did you mean \"relu_output\"?\n"},
    {"a reach into a form that is not there",
     BASE "sweep: {data.feature_probability.first: [1], task.importance.last: [0.5]}\n",
     {0},
     "t.yaml:3:9: \"data.feature_probability.first\" reaches into data.feature_probability, which "
     "is not {first: …} in this config\n"
     "t.yaml:3:46: \"task.importance.last\" reaches into task.importance, which is not {last: …} "
     "in this config\n"},
    {"keys inside of each other",
     BASE "sweep: {train.optimizer.beta1: [0.8], train.optimizer: [adam, sgd]}\n",
     {0},
     "t.yaml:3:39: the axis train.optimizer.beta1 sets \"train.optimizer\" already\n"},
    {"a key of no swept kind",
     BASE "train: {optimizer: {beta1: 0.9, momntum: 1}}\n"
          "sweep: {train.optimizer.kind: [adam, sgd]}\n",
     {0},
     "t.yaml:3:33: train.optimizer has no setting \"momntum\"; known: beta1, beta2, epsilon\n"},
    {"too many runs",
     BASE "train: {restarts: 1000}\n"
          "sweep: {train.seed: {range: [0, 100000]}}\n",
     {0},
     "t.yaml:3:19: 100000 points of 1000 restarts are more than 10000000 runs\n"},
    {"too many points",
     BASE "sweep: {train.seed: {range: [0, 100000]}, train.steps: {range: [1, 1000]}}\n",
     {0},
     "t.yaml:3:8: the sweep has more than 10000000 points\n"},
    {"too many values",
     BASE "sweep: {train.seed: {range: [0, 1e15]}}\n",
     {0},
     "t.yaml:3:21: the axis train.seed has more than 1000000 values\n"},
    {"zips that are none",
     BASE "sweep: {zip: {train.seed: [1]}}\n",
     {0},
     "t.yaml:3:14: zip takes a list of combinations, each a map: [{key: value, …}, …]\n"},
    {"zips that do not match",
     BASE "sweep:\n"
          "  zip:\n"
          "    - {train.seed: 1, train.steps: 5}\n"
          "    - {train.seed: 2}\n"
          "    - {train.seed: 3, train.steps: 7, train.batch: 5}\n",
     {0},
     "t.yaml:6:7: this combination of zip lacks \"train.steps\"\n"
     "t.yaml:7:39: \"train.batch\" is not in the first combination of zip\n"},
    {"a zip and an axis of one key",
     BASE "sweep:\n"
          "  train.seed: [1]\n"
          "  zip: [{train.seed: 1, train.steps: 5}]\n",
     {0},
     "t.yaml:5:10: the axis train.seed sets \"train.seed\" already\n"},
    {"a list that fits only one of the sizes",
     "data: {feature_probability: 1}\n"
     "model: {kind: linear, n_hidden: 2}\n"
     "sweep: {data.n_features: [2, 3], task.importance: [[1, 2], [1, 2, 3]]}\n",
     {0},
     "t.yaml:3:52: task.importance is a list of 2 numbers, but there are 3 features\n"
     "t.yaml:3:60: task.importance is a list of 3 numbers, but there are 2 features\n"},
    {"changes that are none",
     BASE "changes: {step: 5}\n",
     {0},
     "t.yaml:3:10: changes takes a list, not a map\n"},
    {"changes of the wrong shape",
     BASE "changes:\n"
          "  - {step: 5}\n"
          "  - {set: {train.steps: 5}}\n"
          "  - {step: 0, set: {train.learning_rate: 1}}\n"
          "  - [1]\n",
     {0},
     "t.yaml:4:5: a change takes {step: …, set: {key: value, …}} and nothing else\n"
     "t.yaml:5:5: a change takes {step: …, set: {key: value, …}} and nothing else\n"
     "t.yaml:6:12: a change's step takes integer >= 1, not 0\n"
     "t.yaml:7:5: a change takes {step: …, set: {key: value, …}} and nothing else\n"},
    {"changes out of order or too late",
     BASE "train: {steps: 100}\n"
          "changes:\n"
          "  - {step: 50, set: {train.learning_rate: 1}}\n"
          "  - {step: 50, set: {train.learning_rate: 2}}\n"
          "  - {step: 100, set: {train.learning_rate: 3}}\n",
     {0},
     "t.yaml:6:12: changes come in increasing steps: 50 after 50\n"
     "t.yaml:7:12: a change's step takes integer < train.steps (100), not 100\n"},
    {"changes of what is not live",
     BASE "changes: [{step: 5, set: {data.n_features: 3, train.seed: 1, model: linear, "
          "record.metrics: [], train.zebra: 2}}]\n",
     {0},
     "t.yaml:3:27: \"data.n_features\" cannot change while a run trains; these can: "
     "data.feature_probability, data.value_scale, task.importance, model.hidden_penalty, "
     "train.learning_rate, "
     "train.weight_decay, "
     "train.momentum, train.loss_exponent, train.batch\n"
     "t.yaml:3:47: \"train.seed\" cannot change while a run trains; these can: "
     "data.feature_probability, data.value_scale, task.importance, model.hidden_penalty, "
     "train.learning_rate, "
     "train.weight_decay, "
     "train.momentum, train.loss_exponent, train.batch\n"
     "t.yaml:3:62: \"model\" cannot change while a run trains; these can: "
     "data.feature_probability, data.value_scale, task.importance, model.hidden_penalty, "
     "train.learning_rate, "
     "train.weight_decay, "
     "train.momentum, train.loss_exponent, train.batch\n"
     "t.yaml:3:77: \"record.metrics\" cannot change while a run trains; these can: "
     "data.feature_probability, data.value_scale, task.importance, model.hidden_penalty, "
     "train.learning_rate, "
     "train.weight_decay, "
     "train.momentum, train.loss_exponent, train.batch\n"
     "t.yaml:3:97: train has no setting \"zebra\"; known: optimizer, learning_rate, schedule, "
     "weight_decay, momentum, loss_exponent, batch, steps, seed, restarts, restart\n"},
    {"changes out of range",
     BASE "changes: [{step: 5, set: {data.feature_probability: 2, task.importance.last: 1}}]\n",
     {0},
     "t.yaml:3:53: data.feature_probability takes number | list | {first, rest}, each in [0, 1] | "
     "{zipf, active}, each >= 0, "
     "not 2\n"
     "t.yaml:3:56: \"task.importance.last\" reaches into task.importance, which is not {last: …} "
     "in this config\n"},
    {"record",
     BASE "record: {snapshots: {evry: 5}, metrics: [los, loss, loss], loss_samples: 0, "
          "metrics_over_time: loss, metric: 1}\n",
     {0},
     "t.yaml:3:21: record.snapshots takes none | {every: steps} | {log: n} | {linear: n}, with n "
     ">= 1, not a map\n"
     "t.yaml:3:42: there is no metric \"los\"; did you mean \"loss\"?\n"
     "t.yaml:3:53: record.metrics has loss twice\n"
     "t.yaml:3:74: record.loss_samples takes integer in [1, 1000000000], not 0\n"
     "t.yaml:3:96: record.metrics_over_time takes a list of loss, task_loss, loss_by_feature, "
     "expected_loss, feature_norm, interference, "
     "feature_dimensionality, dimensions_per_feature, features_represented, gram, "
     "neuron_weights, bias, leverage, coherence, mean_squared_overlap, frame_potential, "
     "effective_rank, participation_ratio, polysemanticity, neuron_code, neuron_activity, "
     "asymmetric_motif, adversarial_vulnerability, partner_overlap, adjacent_angle, set_angle, "
     "set_overlap, set_interference, collapsed_sets, geometry, geometry_graph, not loss\n"
     "t.yaml:3:102: record has no setting \"metric\"; did you mean \"metrics\"?\n"},
    {"instruments and figures",
     BASE "instruments: [probe, {kind: intervene}, {a: 1}]\n"
          "figures: [{columns: 3}, [1], gram]\n",
     {0},
     "t.yaml:3:15: there is no instrument \"probe\"; none is known\n"
     "t.yaml:3:29: there is no instrument \"intervene\"; none is known\n"
     "t.yaml:3:41: instruments takes names or maps with a kind, not a map without kind\n"
     "t.yaml:4:11: figures takes names or maps with a kind, not a map without kind\n"
     "t.yaml:4:25: figures takes names or maps with a kind, not a list\n"},
    {"figures that are no list",
     BASE "figures: gram\n"
          "instruments: 5\n",
     {0},
     "t.yaml:3:10: figures takes a list, not gram\n"
     "t.yaml:4:14: instruments takes a list, not 5\n"},
    {"claims of nothing",
     BASE "expect:\n"
          "  - {between: [0, 1]}\n"
          "  - {metric: loss}\n"
          "  - {metric: loss, summary: loss_ratio, equals: 1, is: a}\n"
          "  - loss\n",
     {0},
     "t.yaml:4:5: a claim takes exactly one of metric, instrument, summary\n"
     "t.yaml:5:5: a claim takes exactly one of between, equals, is\n"
     "t.yaml:6:5: a claim takes exactly one of metric, instrument, summary\n"
     "t.yaml:6:5: a claim takes exactly one of between, equals, is\n"
     "t.yaml:7:5: expect takes a map of settings, not loss\n"},
    {"claims of the unknown",
     BASE "expect:\n"
          "  - {metric: feature_dimensionalty, equals: 1}\n"
          "  - {summary: loss_rato, equals: 1}\n"
          "  - {instrument: probe, equals: 1}\n"
          "  - {metric: loss, equal: 1}\n",
     {0},
     "t.yaml:4:14: there is no metric \"feature_dimensionalty\"; did you mean "
     "\"feature_dimensionality\"?\n"
     "t.yaml:5:15: there is no summary \"loss_rato\"; did you mean \"loss_ratio\"?\n"
     "t.yaml:6:18: there is no instrument \"probe\"; none is known\n"
     "t.yaml:7:5: a claim takes exactly one of between, equals, is\n"
     "t.yaml:7:20: expect has no setting \"equal\"; did you mean \"equals\"?\n"},
    {"bad summaries",
     BASE "sweep: {data.feature_probability: [0.5, 0.1], train.seed: {range: [0, 3]}}\n"
          "summaries:\n"
          "  - los_ratio\n"
          "  - {kind: loss_ratio, name: loss}\n"
          "  - {kind: loss_ratio, name: 2nd}\n"
          "  - {kind: loss_ratio, at: {train.sed: 1}}\n"
          "  - {kind: mean_of_kept, name: loss_ratio}\n"
          "  - {kind: mean_of_kept, metric: feature_nrm, name: a}\n"
          "  - {kind: mean_of_kept, metric: 'feature_norm[x]', name: bb}\n"
          "  - {kind: mean_of_kept, metric: data.feature_probability, discard: -1, name: c}\n"
          "  - {kind: mean_of_kept, metrik: loss, name: d}\n"
          "  - [a]\n"
          "  - {kind: mean_of_kept, metric: 1/feature_norm, name: e}\n"
          "  - {kind: mean_of_kept, metric: 1/feature_nrm, name: f}\n"
          "expect:\n"
          "  - {summary: d, equals: 1}\n",
     {0},
     "t.yaml:5:5: there is no summary \"los_ratio\"; did you mean \"loss_ratio\"?\n"
     "t.yaml:6:30: summaries: loss is the name of another result\n"
     "t.yaml:7:30: summaries: a name has letters, digits and _, and begins with a letter; 2nd is "
     "none\n"
     "t.yaml:8:29: the sweep has no axis \"train.sed\"; did you mean \"train.seed\"?\n"
     "t.yaml:9:32: summaries: two rows make loss_ratio: give one another name:\n"
     "t.yaml:10:34: runs have no axis and no measurement \"feature_nrm\"; did you mean "
     "\"feature_norm\"?\n"
     "t.yaml:11:34: feature_norm[x]: an entry is NAME[i], of a matrix NAME[i,j]\n"
     "t.yaml:12:69: summaries.discard takes integer in [0, 1000000], not -1\n"
     "t.yaml:13:26: summaries has no setting \"metrik\"; did you mean \"metric\"?\n"
     "t.yaml:14:5: summaries takes the name of its kind or a map, not a list\n"
     "t.yaml:16:34: runs have no axis and no measurement \"feature_nrm\"; did you mean "
     "\"feature_norm\"?\n"},
    {"summaries whose settings do not go together",
     BASE "sweep: {data.feature_probability: [0.5, 0.1], train.seed: {range: [0, 3]}}\n"
          "summaries:\n"
          "  - {kind: slope, name: a}\n"
          "  - {kind: crossing, name: bb, axis: train.seed}\n"
          "  - {kind: crossing, name: c, axis: train.seed, classes: [cube]}\n"
          "  - {kind: crossing, name: d, axis: train.seed, classes: cube}\n"
          "  - {kind: comparison, name: e, axis: train.seed}\n"
          "  - {kind: comparison, name: f, axis: train.seed, with: bias, by: geometry_name}\n"
          "  - {kind: comparison, name: g, axis: train.seed, by: data.feature_probability,\n"
          "     classes: [0.5, 0.2]}\n"
          "  - {kind: monotone, name: h, axis: loss}\n"
          "expect:\n"
          "  - {summary: crossing, equals: 1}\n"
          "  - {summary: bb_cuont, equals: 1}\n",
     {0},
     "t.yaml:5:5: summaries.axis must be given where the sweep has 2 axes\n"
     "t.yaml:6:5: classes takes a list of 2 values of the column `by`\n"
     "t.yaml:7:58: classes takes a list of 2 values of the column `by`\n"
     "t.yaml:8:58: summaries.classes takes a list of values, not cube\n"
     "t.yaml:9:5: classes takes a list of 2 values of the column `by`\n"
     "t.yaml:10:5: a comparison is with another measurement, or by a column with two classes\n"
     "t.yaml:12:21: data.feature_probability has no value 0.2; it has 0.5, 0.1\n"
     "t.yaml:13:37: the sweep has no axis \"loss\"; known: data.feature_probability, train.seed\n"
     "t.yaml:15:15: crossing needs settings: give it a row in summaries\n"
     "t.yaml:16:15: there is no summary \"bb_cuont\"; did you mean \"bb_count\"?\n"},
    {"summaries that follow runs, without snapshots",
     BASE "summaries: [loss_ratio, level_jumps]\n",
     {0},
     "t.yaml:3:25: level_jumps follows runs while they train: record.snapshots must say when\n"},
    {"summaries that are no list",
     BASE "summaries: loss_ratio\n",
     {0},
     "t.yaml:3:12: summaries takes a list, not loss_ratio\n"},
    {"claims about the whole experiment",
     BASE "sweep: {train.seed: {range: [0, 3]}}\n"
          "summaries:\n"
          "  - {kind: mean_of_kept, name: mean}\n"
          "expect:\n"
          "  - {summary: mean, equals: 1}\n"
          "  - {summary: 'mean[0]', reduce: max, equals: 1}\n"
          "  - {summary: mean, equals: 1, at: {train.seed: 1}, runs: best}\n"
          "  - {summary: mean, equals: 1, where: {loss: 1}, feature: 2}\n"
          "  - {summary: 'mean[', equals: 1}\n"
          "  - {summary: 'loss_ratio[0]', equals: 1}\n"
          "  - {summary: loss_ratio, at: {train.seed: 1}, equals: 1}\n",
     {0},
     "t.yaml:9:36: mean is of the whole experiment: at, where, runs and feature do not go with it\n"
     "t.yaml:10:39: mean is of the whole experiment: at, where, runs and feature do not go with "
     "it\n"
     "t.yaml:11:15: mean[: an entry is NAME[i], of a matrix NAME[i,j]\n"
     "t.yaml:12:15: loss_ratio is one number for each run: it has no loss_ratio[0]\n"},
    {"claims that ask for names of numbers, numbers of names, and names that are none",
     BASE "summaries: [{kind: best_of_class, name: lowest}]\n"
          "expect:\n"
          "  - {metric: geometry_name, is: [pentagn, 2 digons]}\n"
          "  - {metric: geometry_name, equals: 2}\n"
          "  - {metric: loss, is: pentagon}\n"
          "  - {metric: loss, equals: 1, where: {geometry_name: [hexagon, 1 digon], bias: big}}\n"
          "  - {summary: lowest, is: pentagon}\n"
          "  - {summary: lowest_class, between: [0, 1]}\n"
          "  - {summary: loss_ratio, is: pentagon}\n",
     {0},
     "t.yaml:5:34: geometry_name is never \"pentagn\"; did you mean \"pentagon\"?\n"
     "t.yaml:6:37: geometry_name holds names: test it with is\n"
     "t.yaml:7:24: loss holds numbers: test it with between or equals\n"
     "t.yaml:8:64: geometry_name is never \"1 digon\"; did you mean \"digon\"?\n"
     "t.yaml:8:80: bias is a number, and never big\n"
     "t.yaml:9:27: lowest holds numbers: test it with between or equals\n"
     "t.yaml:10:38: lowest_class holds names: test it with is\n"
     "t.yaml:11:31: loss_ratio holds numbers: test it with between or equals\n"},
    {"claims at points that are not there",
     BASE "sweep: {data.feature_probability: [0.5, 0.1], train.seed: {range: [0, 30]}}\n"
          "expect:\n"
          "  - {metric: loss, at: {data.feature_probability: 0.2}, equals: 1}\n"
          "  - {metric: loss, at: {train.sed: 1}, equals: 1}\n"
          "  - {metric: loss, at: {model.kind: linear, train.seed: 30}, equals: 1}\n",
     {0},
     "t.yaml:5:51: data.feature_probability has no value 0.2; it has 0.5, 0.1\n"
     "t.yaml:6:25: the sweep has no axis \"train.sed\"; did you mean \"train.seed\"?\n"
     "t.yaml:7:25: the sweep has no axis \"model.kind\"; known: data.feature_probability, "
     "train.seed\n"
     "t.yaml:7:57: train.seed has no value 30; it has 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, "
     "13, 14, 15, 16, 17, 18, 19, …\n"},
    {"claims of the wrong shape",
     BASE "expect:\n"
          "  - {metric: loss, between: [1, 0]}\n"
          "  - {metric: loss, equals: x, runs: bst, reduce: avg}\n"
          "  - {metric: loss, is: {a: 1}, feature: all}\n"
          "  - {metric: feature_norm, reduce: count, equals: 1}\n"
          "  - {metric: feature_norm, above: 1, equals: 1, source: [a]}\n"
          "  - {metric: feature_norm, at: 5, where: 6, equals: 1}\n"
          "  - {metric: loss, where: {los: [], loss: 1}, equals: 1}\n",
     {0},
     "t.yaml:4:29: expect.between takes [low, high], numbers with low <= high\n"
     "t.yaml:5:28: expect.equals takes a number, not x\n"
     "t.yaml:5:37: expect.runs takes one of all, best, not bst; did you mean \"best\"?\n"
     "t.yaml:5:50: expect.reduce takes one of each, mean, median, min, max, sum, count, "
     "share, not avg\n"
     "t.yaml:6:24: expect.is takes a word or a list of words, not a map\n"
     "t.yaml:6:41: expect.feature takes an index >= 0 or represented, not all\n"
     "t.yaml:7:5: reduce: count needs above: a number, or within: [low, high]\n"
     "t.yaml:8:35: above goes with reduce: count or share only\n"
     "t.yaml:8:57: expect.source takes a text, not a list\n"
     "t.yaml:9:32: expect.at takes a map of axis values, not 5\n"
     "t.yaml:9:42: expect.where takes a map of measurements, not 6\n"
     "t.yaml:10:28: there is no metric \"los\"; did you mean \"loss\"?\n"
     "t.yaml:10:33: expect.where takes a label, a number or a list of them, not a list\n"},
    {"counts of the wrong shape",
     BASE "expect:\n"
          "  - {metric: feature_norm, reduce: share, within: [2, 1], equals: 1}\n"
          "  - {metric: feature_norm, reduce: share, within: [1, 2], above: 1, equals: 1}\n"
          "  - {metric: feature_norm, reduce: sum, within: [1, 2], equals: 1}\n",
     {0},
     "t.yaml:4:51: expect.within takes [low, high], numbers with low <= high\n"
     "t.yaml:5:5: reduce: share needs above: a number, or within: [low, high]\n"
     "t.yaml:6:49: within goes with reduce: count or share only\n"},
    {"a claim of a feature that is not there",
     BASE "expect: [{metric: feature_norm, feature: 5, equals: 1}]\n",
     {0},
     "t.yaml:3:10: feature takes an index in [0, 4], not 5\n"},
    {"claims that are no list",
     BASE "expect: {metric: loss}\n",
     {0},
     "t.yaml:3:9: expect takes a list of claims, not a map\n"},
    {"a claim under a figure that is not drawn",
     BASE "figures: [{kind: gram, name: matrices}, directions, {kind: gram, name: auto}]\n"
          "expect:\n"
          "  - {metric: loss, equals: 1, figure: matrics}\n"
          "  - {metric: loss, equals: 1, figure: directions, says: [a]}\n"
          "  - {metric: loss, equals: 1, figure: gram, says: 'it is: 1'}\n"
          "  - {metric: loss, equals: 1, figure: {kind: gram}}\n",
     {0},
     "t.yaml:5:39: the config draws no figure \"matrics\"; did you mean \"matrices\"?\n"
     "t.yaml:6:57: expect.says takes a text, not a list\n"
     "t.yaml:8:39: expect.figure takes a text, not a map\n"},
    {"a claim under a figure, and none is drawn",
     BASE "expect: [{metric: loss, equals: 1, figure: gram}]\n",
     {0},
     "t.yaml:3:44: the config draws no figure \"gram\"; none is known\n"},
    {"an include in a text",
     BASE "include: other.yaml\n",
     {0},
     "t.yaml:3:10: only a file can include another\n"},
    {"a kind swept as a value with an unknown key",
     BASE "sweep: {train.optimizer: [adam, {kind: momentum, beta1: 0.5, bta2: 1}]}\n",
     {0},
     "t.yaml:3:62: train.optimizer has no setting \"bta2\"; did you mean \"beta2\"?\n"},
    {"an axis of maps",
     BASE "sweep: {data: [{n_features: 2}, {n_features: 3, feature_probability: 2}]}\n",
     {0},
     "t.yaml:3:16: data.feature_probability must be given: number | list | {first, rest}, each in "
     "[0, 1] | {zipf, active}, each >= 0\n"
     "t.yaml:3:70: data.feature_probability takes number | list | {first, rest}, each in [0, 1] | "
     "{zipf, active}, each >= 0, "
     "not 2\n"},
    {"a bad axis of a setting that must be given",
     "data: {n_features: 5, valu: 3}\n"
     "model: {kind: linear, n_hidden: 2}\n"
     "sweep: {data.feature_probability: {linspace: 5}}\n",
     {0},
     "t.yaml:1:23: data has no setting \"valu\"; did you mean \"value\"?\n"
     "t.yaml:3:46: linspace takes [first, last, n], n an integer >= 1\n"},
    {"a change beyond some of the swept steps",
     BASE "sweep: {train.steps: [10, 100]}\n"
          "changes: [{step: 50, set: {train.learning_rate: 1}}]\n",
     {0},
     "t.yaml:4:18: a change's step takes integer < train.steps (10), not 50\n"},
    {"zips of nothing",
     BASE "sweep: {zip: []}\n",
     {0},
     "t.yaml:3:14: zip takes a list of combinations, each a map: [{key: value, …}, …]\n"},
    {"a zip that sets one thing twice",
     BASE "sweep: {zip: [{train.optimizer: sgd, train.optimizer.kind: adam}]}\n",
     {0},
     "t.yaml:3:38: zip sets \"train.optimizer\" already\n"},
    {"keys with empty parts",
     BASE "sweep: {train..steps: [1], data.: [1]}\n",
     {0},
     "t.yaml:3:9: \"train..steps\" is not a dotted key\n"
     "t.yaml:3:28: \"data.\" is not a dotted key\n"},
    {"every sort of problem at once",
     "title: [x]\n"
     "data: {n_features: 5, feature_probability: 7}\n"
     "model: {kind: linaer, n_hidden: 2}\n"
     "train: {steps: x}\n"
     "sweep: {train.seed: []}\n"
     "expect: [{metric: los, equals: 1}]\n"
     "zebra: 1\n",
     {0},
     "t.yaml:1:8: title takes a text, not a list\n"
     "t.yaml:2:44: data.feature_probability takes number | list | {first, rest}, each in [0, 1] | "
     "{zipf, active}, each >= 0, "
     "not 7\n"
     "t.yaml:3:15: there is no model kind \"linaer\"; did you mean \"linear\"?\n"
     "t.yaml:4:16: train.steps takes integer in [0, 1000000000000], not x\n"
     "t.yaml:5:21: the axis train.seed has no values\n"
     "t.yaml:6:19: there is no metric \"los\"; did you mean \"loss\"?\n"
     "t.yaml:7:1: a config has no section \"zebra\"; known: title, include, data, task, model, "
     "train, changes, sweep, record, instruments, summaries, figures, expect\n"},
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

Test(config_errors, every_bad_config_gives_all_its_problems) {
    for (int i = 0; i < COUNT(bad_configs); i++)
        expect_problems(&bad_configs[i]);
}

Test(config_errors, overrides_are_their_own_place) {
    for (int i = 0; i < COUNT(bad_overrides); i++)
        expect_problems(&bad_overrides[i]);
}

/* Ten times ten times … : 10^5 values are passed in the fifth line, by its ninth alias. */
Test(config_errors, an_alias_bomb_is_refused) {
    BadConfig bad = {.what = "an alias bomb",
                     .text = "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
                             "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
                             "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
                             "d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
                             "e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n",
                     .problems = "t.yaml:5:40: aliases blow the file up beyond 100000 values\n"};
    expect_problems(&bad);
}

Test(config_errors, too_deep_nesting_is_refused) {
    char text[128] = "title: ";
    memset(text + 7, '[', 100);
    BadConfig bad = {.what = "a hundred brackets",
                     .text = text,
                     .problems = "t.yaml:1:71: nested deeper than 64\n"};
    expect_problems(&bad);
}

Test(config_errors, more_than_fifty_are_cut) {
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

/* 2 x 10^10 floats. How much memory there is differs, so only the start of the message is known. */
Test(config_errors, models_beyond_memory_are_refused_at_their_size) {
    static const char *const text = "data: {n_features: 1e5, feature_probability: 0.05}\n"
                                    "model: {kind: two_layer, n_hidden: 2}\n"
                                    "sweep: {model.n_hidden: [5, 1e5]}\n";
    static const char *const start =
        "t.yaml:3:29: a model of 100000 features and 100000 hidden dimensions needs 74.5 GiB";
    if (memory_available() > 79000000000)
        cr_skip_test("this machine has the memory for it");
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    Text out = {0};
    cr_expect_null(experiment_parse("t.yaml", text, strlen(text), NULL, 0, &arena, &problems));
    problems_print(&problems, &out);
    cr_expect_eq(strncmp(text_of(&out), start, strlen(start)), 0, "%s", text_of(&out));
    text_release(&out);
    arena_release(&arena);
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

Test(config_errors, includes) {
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
