/* What is wrong with the data, the task, the model or the training of a config. */
#include "sim/base/memory.h"
#include "tests/bad_config.h"

static const BadConfig bad_settings[] = {
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
     "t.yaml:2:38: model.n_hidden takes integer in [1, 100000], not 2000000000000\n"}};

Test(config_errors, gives_all_its_problems) {
    for (int i = 0; i < COUNT(bad_settings); i++)
        expect_problems(&bad_settings[i]);
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
