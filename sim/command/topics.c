#include "sim/command/topics.h"

#include "sim/model/kernel/kernel.h"

#include <string.h>

static void add_isa(Text *text) {
    for (Isa isa = ISA_PLAIN; isa < N_ISA; isa++)
        text_add(text, "  %-9s %-34s %s\n", isa_name(isa),
                 !isa_is_built(isa)  ? "not built for this processor"
                 : !isa_runs(isa)    ? "built; this machine cannot run it"
                 : isa == isa_best() ? "built; the choice here"
                                     : "built; runs here",
                 isa_summary(isa));
    text_append(
        text,
        "`superpose run CONFIG --isa LEVEL` forces another than the choice, the best here.\n"
        "The same bits come out for the same config, seed, program and level. Levels add up in\n"
        "different orders, so from one to another the last bits differ, and over many steps what\n"
        "follows from them; what is drawn (first weights, batches) is the same at all of them. A\n"
        "store keeps the levels its runs are of (superpose info); a later session may use "
        "another,\n"
        "but an unfinished run goes on only at the level that left it, and else starts again.\n");
}

static const Topic topics[] = {
    {"config",
     "A config is a YAML file of these sections:\n"
     "  title       one line, above figures\n"
     "  include     another config to start from\n"
     "  data        a distribution of features      (superpose help data)\n"
     "  task        what the output should be       (superpose help task)\n"
     "  model       a two-layer network             (superpose help model)\n"
     "  train       optimizer, steps, batch, seed … (superpose help train)\n"
     "  changes     settings that change while a run trains\n"
     "  sweep       settings with several values\n"
     "  record      what is kept and measured       (superpose help record)\n"
     "  summaries   what many runs show together    (superpose help summaries)\n"
     "  figures     what is drawn                   (superpose list figures)\n"
     "  expect      what must come out\n"
     "`superpose check CONFIG` prints a config with every setting. KEY=VALUE on the command line\n"
     "overrides any of it: superpose run x.yaml train.steps=500 'sweep.train.seed=[1, 2]'.\n",
     NULL},
    {"sweep",
     "sweep: any setting, several values; a run for each point of the grid of all axes\n"
     "  train.seed: [1, 2, 5]                                  a list\n"
     "  train.seed: {range: [0, 8]}                            0, 1, … 7\n"
     "  train.learning_rate: {linspace: [1e-3, 5e-3, 5]}       5 values, both ends included\n"
     "  data.feature_probability: {logspace: [1, 0.05, 10]}    evenly spaced in the logarithm\n"
     "  task.importance.last: [0.1, 1, 10]                     inside a value of that form\n"
     "  zip: [{model.n_hidden: 2, train.steps: 500}, {model.n_hidden: 5, train.steps: 2000}]\n"
     "                                                         settings that move together\n"
     "Points count with the last axis fastest; a run's number is point x restarts + restart.\n"
     "Restarts of a point differ in their random streams; the one of lowest loss is its best.\n"
     "They count from train.restart: restarts: 1, restart: 3 is the fourth of them alone.\n",
     NULL},
    {"changes",
     "changes: live settings that change while a run trains, before the given step\n"
     "  - {step: 4000, set: {data.feature_probability: 0.2, train.learning_rate: 1e-4}}\n",
     NULL},
    {"include",
     "include: another config to start from, relative to this one\n"
     "  include: intro.yaml\n"
     "Maps merge key by key; lists and axes are replaced; a new `kind` drops the old "
     "kind's keys.\n",
     NULL},
    {"expect",
     "expect: claims, checked after the run, printed, stored, and drawn under figures; one that "
     "does\n"
     "not hold gives exit code 4\n"
     "  - {metric: feature_dimensionality, at: {data.feature_probability: 0.05}, between: [0.39, "
     "0.41]}\n"
     "  metric, summary   the measurement: a metric's name or a summary's; an entry of an array\n"
     "                    of a summary: 'NAME[i]', negative from the end\n"
     "  at                axis values (default: all points)\n"
     "  runs              all restarts (default), or the best of each point\n"
     "  where             labels of other measurements: {geometry_name: 2 digons}\n"
     "  feature           a number, or represented (default: all)\n"
     "  reduce            each (default), mean, median, min, max, sum; or count, share (of all),\n"
     "                    with above: x or within: [a, b]\n"
     "  between: [a, b]   or equals: v, or is: pentagon (or a list of labels)\n"
     "  source            who says so\n"
     "  known             why it does not hold: shown, not counted\n"
     "  says              a sentence to show instead of the row's own words\n"
     "  figure            a name of figures: shown under that one alone (default: all)\n"
     "Under overrides of what is trained the claims are skipped, unless --expect is given.\n",
     NULL},
    {"isa",
     "isa: instruction sets. The kernels are built once for each from one source, and one is "
     "chosen\n"
     "when the program starts:\n",
     add_isa},
};

const Topic *topic_find(const char *name) {
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        if (strcmp(topics[i].name, name) == 0)
            return &topics[i];
    return NULL;
}
