/* What is wrong with what a config wants kept, made, drawn and shown: record, summaries, figures,
 * claims. */
#include "tests/bad_config.h"

static const BadConfig bad_results[] = {
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
     "train, changes, sweep, record, instruments, summaries, figures, expect\n"}};

Test(config_errors_results, gives_all_its_problems) {
    for (int i = 0; i < COUNT(bad_results); i++)
        expect_problems(&bad_results[i]);
}
