/* What is wrong with the axes of a config, or with the changes on a run's way. */
#include "tests/bad_config.h"

static const BadConfig bad_sweeps[] = {
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
     "train.momentum, train.loss_exponent, train.batch, train.schedule.final\n"
     "t.yaml:3:47: \"train.seed\" cannot change while a run trains; these can: "
     "data.feature_probability, data.value_scale, task.importance, model.hidden_penalty, "
     "train.learning_rate, "
     "train.weight_decay, "
     "train.momentum, train.loss_exponent, train.batch, train.schedule.final\n"
     "t.yaml:3:62: \"model\" cannot change while a run trains; these can: "
     "data.feature_probability, data.value_scale, task.importance, model.hidden_penalty, "
     "train.learning_rate, "
     "train.weight_decay, "
     "train.momentum, train.loss_exponent, train.batch, train.schedule.final\n"
     "t.yaml:3:77: \"record.metrics\" cannot change while a run trains; these can: "
     "data.feature_probability, data.value_scale, task.importance, model.hidden_penalty, "
     "train.learning_rate, "
     "train.weight_decay, "
     "train.momentum, train.loss_exponent, train.batch, train.schedule.final\n"
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
    {"a change beyond some of the swept steps, and a value that fits in none",
     BASE "sweep: {train.steps: [100, 10], train.learning_rate: [1, -1]}\n"
          "changes: [{step: 50, set: {train.learning_rate: 1}}]\n",
     {0},
     "t.yaml:3:58: train.learning_rate takes number >= 0, not -1\n"
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
     "t.yaml:3:28: \"data.\" is not a dotted key\n"}};

Test(config_errors_sweep, gives_all_its_problems) {
    for (int i = 0; i < COUNT(bad_sweeps); i++)
        expect_problems(&bad_sweeps[i]);
}
