#!/bin/sh
# The program from end to end: the same bytes at any number of threads, after a kill, and for a run alone or in its
# sweep; exit codes; one JSON object. Usage: tests/test_run.sh [PROGRAM]
set -eu
program=$(realpath "${1:-build/superpose}")
python=/usr/bin/python3
. "$(dirname "$0")/end_to_end.sh"

# expect_code CODE COMMAND...
expect_code() {
    wanted=$1
    shift
    code=0
    "$@" >out 2>err || code=$?
    [ "$code" -eq "$wanted" ] || { fail "exit code $code, not $wanted: $*"; cat err; }
}
same() {
    cmp -s "$1" "$2" || fail "$1 and $2 differ: $3"
}
export_npz() {
    "$program" export "$1" -o "$2" --snapshots >/dev/null
}

cat >small.yaml <<'Y'
title: small
data: {kind: independent, n_features: 5, feature_probability: 1}
task: {importance: {decay: 0.9}}
model: {kind: relu_output, n_hidden: 2}
train: {learning_rate: 5e-3, batch: 2048, steps: 300, restarts: 2}
sweep: {data.feature_probability: [1, 0.3, 0.05]}
record: {snapshots: {log: 5}, loss_samples: 4096, loss_samples_over_time: 1024}
Y
cat >wide.yaml <<'Y'
title: wide
data: {kind: independent, n_features: 60, feature_probability: 0.05}
model: {kind: two_layer, n_hidden: 12}
train: {batch: 1000, steps: 120}
record: {loss_samples: 4096}
Y
cat >embedded.yaml <<'Y'
title: embedded
data: {n_features: 30, feature_probability: 0.05, value: signed_uniform}
task: {kind: residual_relu}
model: {kind: residual, n_hidden: 12, output_activation: linear, embedding: 200, hidden_bias: true}
train: {batch: 1000, steps: 120}
record: {snapshots: {log: 3}, loss_samples: 4096}
Y
# Runs 0, 2, 4 draw the same batches and train in step, and so do 1, 3, 5 …; those of the last importance fail on their way.
cat >together.yaml <<'Y'
title: together
data: {n_features: 4, feature_probability: 0.2}
task: {importance: {last: 1}}
model: {kind: linear, n_hidden: 2}
train: {optimizer: sgd, learning_rate: 0.05, batch: 1500, steps: 300, restarts: 2}
sweep: {model.n_hidden: [2, 3], task.importance.last: [0.5, 2, 1000]}
record: {snapshots: {log: 5}, loss_samples: 4096, loss_samples_over_time: 1024}
Y

for config in small wide embedded together; do
    code=0
    [ $config != together ] || code=3
    for threads in 1 2 4; do
        expect_code $code "$program" run $config.yaml -j $threads -o $config-j$threads.db --no-figures
        export_npz $config-j$threads.db $config-j$threads.npz
    done
    same $config-j1.npz $config-j2.npz "one and two threads"
    same $config-j1.npz $config-j4.npz "one and four threads"
done

# What is exported of a model with an embedding is all of it, and starts another run as it was.
expect_code 0 "$program" run embedded.yaml train.steps=0 train.seed=9 model.init_from=embedded-j1.npz -o again.db --no-figures
expect_code 0 "$program" run embedded.yaml train.steps=0 train.seed=9 model.init_from=embedded-j1.db#0 -o stored.db --no-figures
export_npz again.db again.npz
export_npz stored.db stored.npz
same again.npz stored.npz "from an export and from its store"
"$python" - <<'P' || fail "an exported embedding is not the model"
import numpy
d, again = numpy.load('embedded-j1.npz'), numpy.load('again.npz')
for name in ('W', 'W2', 'b', 'b_hidden', 'M', 'W_in', 'W_out', 'b_out', 'W_E'):
    assert (d[name] == again[name]).all(), name
x = numpy.random.default_rng(0).uniform(-1, 1, (100000, 30)) * (numpy.random.default_rng(1).random((100000, 30)) < 0.05)
r = x @ d['W_E'][0]
h = numpy.maximum(r @ d['W_in'][0] + d['b_hidden'][0], 0)
out = (r + h @ d['W_out'][0].T + d['b_out'][0]) @ d['W_E'][0].T
losses = numpy.sum((out - x - numpy.maximum(x, 0)) ** 2, axis=1)
se = numpy.hypot(d['loss_se'][0], losses.std() / len(x) ** 0.5)
assert abs(losses.mean() - d['loss'][0]) < 4 * se, (losses.mean(), d['loss'][0], se)
P

# A second run trains nothing.
expect_code 0 "$program" run small.yaml -o small-j1.db --no-figures --json
"$python" - <<'P' || fail "a second run trained something"
import json
d = json.load(open('out'))
assert d['steps'] == 0 and d['done'] == 6 and d['failed'] == 0 and len(d['results']) == 6, d
assert d['results'][0]['data.feature_probability'] == 1 and d['results'][5]['data.feature_probability'] == 0.05
assert sum(r['best'] for r in d['results']) == 3 and all(r['loss'] > 0 for r in d['results'])
P

# Runs of another instruction set may join: the store names both.
expect_code 0 "$program" run small.yaml --run 0 --isa plain -o sets.db --no-figures
expect_code 0 "$program" run small.yaml --run 1 --isa baseline -o sets.db --no-figures
expect_code 0 "$program" run small.yaml --run 1 --isa plain -o sets.db --no-figures
"$program" info sets.db | grep -q "^isa  *plain, baseline$" || fail "info does not name both instruction sets"

# A run alone is the run in its sweep.
expect_code 0 "$program" run small.yaml --run 3 -o alone.db --no-figures
"$program" export alone.db -o alone.npz >/dev/null
"$python" - <<'P' || fail "run 3 alone differs from run 3 in its sweep"
import numpy
alone, sweep = numpy.load('alone.npz'), numpy.load('small-j1.npz')
assert alone['W'].shape == (1, 5, 2) and sweep['W'].shape == (6, 5, 2)
for name in ('W', 'b', 'loss', 'feature_dimensionality'):
    assert (alone[name][0] == sweep[name][3]).all(), name
P


# A run is the same in company as alone, and so is how one fails.
expect_code 0 "$program" run together.yaml --run 9 -o apart.db --no-figures
expect_code 3 "$program" run together.yaml --run 11 -o apart.db --no-figures
"$python" - <<'P' || fail "a run alone differs from the run in company"
import sqlite3
query = "SELECT number, status, steps, loss, error FROM run WHERE number IN (9, 11) ORDER BY number"
alone, company = (sqlite3.connect(name).execute(query).fetchall() for name in ('apart.db', 'together-j1.db'))
assert alone == company and len(alone) == 2 and 0 < alone[1][2] < 300, (alone, company)
P

# Many snapshots, each a few steps after the last, do not hold a run up.
expect_code 0 timeout 60 "$program" run small.yaml --run 0 -o often.db --no-figures 'record.snapshots={every: 2}'
export_npz often.db often.npz
"$python" - <<'P' || fail "not every snapshot is there"
import numpy
often = numpy.load('often.npz')
assert often['step'].tolist() == list(range(0, 301, 2)) and (often['W_t'][:, -1] == often['W']).all()
P

# Two shards hold all runs between them, and the same bits.
expect_code 0 "$program" run small.yaml --shard 0/2 -o even.db --no-figures
expect_code 0 "$program" run small.yaml --shard 1/2 -o odd.db --no-figures
"$program" export even.db -o even.npz >/dev/null
"$program" export odd.db -o odd.npz >/dev/null
"$python" - <<'P' || fail "shards differ from the whole"
import numpy
even, odd, whole = numpy.load('even.npz'), numpy.load('odd.npz'), numpy.load('small-j1.npz')
assert (even['W'] == whole['W'][[0, 1, 4, 5]]).all() and (odd['W'] == whole['W'][[2, 3]]).all()
P

# Killed in the middle, it goes on to the same bytes.
sed 's/steps: 300/steps: 50000/' small.yaml >long.yaml
expect_code 0 "$program" run long.yaml -o whole.db --no-figures --quiet
export_npz whole.db whole.npz
"$program" run long.yaml -j 1 -o killed.db --no-figures --quiet &
sleep 1
kill -9 $! 2>/dev/null || fail "the run to be killed was over already"
wait $! 2>/dev/null || true
expect_code 0 "$program" run long.yaml -o killed.db --no-figures --quiet
export_npz killed.db killed.npz
same whole.npz killed.npz "killed and resumed"

# A single long run that is killed goes on from its last checkpoint.
"$program" run small.yaml -o checkpoint.db --no-figures --quiet --run 0 train.steps=1000000000 &
sleep 6
kill -9 $! 2>/dev/null || fail "the run to be killed was over already"
wait $! 2>/dev/null || true
"$python" - <<'P' || fail "a run that was killed left no checkpoint"
import sqlite3
(step,) = sqlite3.connect('checkpoint.db').execute('SELECT step FROM checkpoint').fetchone()
assert step > 0, step
P

# Interrupted, it says so, leaves a checkpoint, and goes on to the same bytes.
"$program" run long.yaml -j 1 -o stopped.db --no-figures --quiet --json >out 2>err &
sleep 1
kill -INT $! 2>/dev/null || fail "the run to be interrupted was over already"
code=0
wait $! || code=$?
[ "$code" -eq 130 ] || fail "an interrupted run ends with $code, not 130"
grep -q '"runs": 6,' out || fail "an interrupted run does not count all runs"
grep -q "everything finished so far" err || fail "an interrupted run does not say what it kept"
expect_code 0 "$program" run long.yaml -o stopped.db --no-figures --quiet --json
"$python" -c "
import json
d = json.load(open('out'))
assert 0 < d['steps'] < 6 * 50000, d['steps']" || fail "an interrupted run was not resumed"
export_npz stopped.db stopped.npz
same whole.npz stopped.npz "interrupted and resumed"


# Runs that train in step are stopped together; one of them alone may be ahead when the rest goes on.
sed -e 's/steps: 300/steps: 30000/' -e 's/, 1000\]/]/' together.yaml >march.yaml
expect_code 0 "$program" run march.yaml -j 1 -o march.db --no-figures --quiet
export_npz march.db march.npz
"$program" run march.yaml -j 1 -o halted.db --run 2 --no-figures --quiet 2>err &
sleep 0.15
kill -INT $! 2>/dev/null || true
wait $! || true
"$program" run march.yaml -j 1 -o halted.db --no-figures --quiet 2>err &
sleep 0.3
kill -INT $! 2>/dev/null || fail "the runs to be interrupted were over already"
wait $! || true
"$python" - <<'P' || fail "runs in step left no checkpoints"
import sqlite3
steps = [row[0] for row in sqlite3.connect('halted.db').execute('SELECT step FROM checkpoint')]
assert len(steps) >= 2, steps
P
expect_code 0 "$program" run march.yaml -o halted.db --no-figures --quiet
export_npz halted.db halted.npz
same march.npz halted.npz "interrupted and resumed in step"

# More restarts and more metrics keep all runs; other settings are refused and nothing is written.
expect_code 0 "$program" run small.yaml -o small-j1.db --no-figures --json \
    'sweep.data.feature_probability=[1, 0.3, 0.1, 0.05]' 'record.metrics=[gram]'
"$python" -c "
import json
d = json.load(open('out'))
assert d['done'] == 8 and d['steps'] == 600, d" || fail "a longer axis trains more than its new runs"
cp small-j1.db before.db
expect_code 1 "$program" run small.yaml -o small-j1.db --no-figures train.batch=64
grep -q "other settings" err || fail "a store of other settings is not refused with its reason"
same small-j1.db before.db "a refused store"

# A loss measured again is the loss measured at the end, also where the objective changed on the way.
cat >changing.yaml <<'Y'
data: {kind: independent, n_features: 5, feature_probability: 0.3}
model: {kind: relu_output, n_hidden: 2}
train: {batch: 256, steps: 200}
changes: [{step: 100, set: {train.loss_exponent: 4, data.feature_probability: 0.1, train.batch: 64}}]
record: {loss_samples: 4096}
Y
expect_code 0 "$program" run changing.yaml -o changing.db --no-figures --json
"$python" -c "
import json
d = json.load(open('out'))
assert d['samples'] == 100 * 256 + 100 * 64, d" || fail "samples are not those of each batch"
"$program" export changing.db -o at-end.csv >/dev/null
expect_code 0 "$program" run changing.yaml -o changing.db --no-figures record.loss_samples=2048
expect_code 0 "$program" run changing.yaml -o changing.db --no-figures
"$program" export changing.db -o again.csv >/dev/null
same at-end.csv again.csv "the loss at the end and measured again"

# Every kind of data and task that needs no samples of the user's, from the tables: the same bytes at any number of threads, and what comes after a run.
"$program" list tasks | sed -n 's/^  \([a-z_]*\) .*/\1/p' | grep -vx given >tasks
for kind in $("$program" list data | sed -n 's/^  \([a-z_]*\) .*/\1/p' | grep -vx file); do
    probability=
    "$program" help "$kind" | grep -q '^  feature_probability' && probability='feature_probability: 0.1,'
    cat >kind.yaml <<Y
data: {kind: $kind, n_features: 40, $probability value: signed_uniform}
model: {kind: relu_output, n_hidden: 3}
train: {batch: 300, steps: 40}
sweep: {task.kind: [$(paste -sd, tasks)]}
record: {loss_samples: 2048, metrics: [loss, feature_norm]}
Y
    expect_code 0 "$program" check kind.yaml
    expect_code 0 "$program" run kind.yaml -o "kind-$kind-j1.db" --no-figures -j 1
    expect_code 0 "$program" run kind.yaml -o "kind-$kind-j2.db" --no-figures -j 2
    export_npz "kind-$kind-j1.db" j1.npz
    export_npz "kind-$kind-j2.db" j2.npz
    same j1.npz j2.npz "$kind at one and two threads"
    expect_code 0 "$program" trace kind.yaml --run 1 --steps 3 -o trace.npz
done

# A run that fails is stored as failed, and the others go on.
cat >failing.yaml <<'Y'
data: {kind: independent, n_features: 5, feature_probability: 0.5}
model: {kind: linear, n_hidden: 2}
train: {optimizer: sgd, batch: 64, steps: 200}
sweep: {train.learning_rate: [1e-3, 1e6]}
record: {loss_samples: 256}
Y
expect_code 3 "$program" run failing.yaml -o failing.db --no-figures
"$program" info failing.db >out
grep -q "1 done, 1 failed, 0 missing" out || fail "info does not count the failed run"
grep -q "run 1 failed: .*step" out || fail "info does not say why a run failed"
expect_code 3 "$program" run failing.yaml -o failing.db --no-figures --retry-failed

# A claim that does not hold.
{ cat small.yaml; echo "expect: [{metric: loss, runs: best, below: 1, between: [5, 6]}]"; } >bad.yaml
expect_code 2 "$program" run bad.yaml -o claim.db --no-figures
grep -q "bad.yaml:8:.*below" err || fail "an unknown key of a claim is not named with its place"
{ cat small.yaml; echo "expect: [{metric: loss, runs: best, between: [5, 6]}]"; } >claim.yaml
expect_code 4 "$program" run claim.yaml -o claim.db --no-figures
expect_code 0 "$program" run claim.yaml -o claim2.db --no-figures train.steps=10
expect_code 4 "$program" run claim.yaml -o claim2.db --no-figures train.steps=10 --expect

# Weights from a file are part of what a run is; a file that is not there is an error of the config.
"$program" export alone.db -o start.npz >/dev/null
cat >from.yaml <<'Y'
data: {kind: independent, n_features: 5, feature_probability: 0.3}
model: {kind: relu_output, n_hidden: 2, init_from: start.npz}
train: {steps: 0}
record: {loss_samples: 1024}
Y
expect_code 0 "$program" run from.yaml -o from.db --no-figures
"$program" export from.db -o from.npz >/dev/null
"$python" - <<'P' || fail "init_from does not start from the file's weights"
import numpy
start, there = numpy.load('start.npz'), numpy.load('from.npz')
assert (start['W'] == there['W']).all() and (start['b'] == there['b']).all()
there = dict(start)
there['W'] = start['W'] * 0.5
numpy.savez('start.npz', **there)
P
expect_code 1 "$program" run from.yaml -o from.db --no-figures
grep -q "other settings" err || fail "other first weights in the same file are not noticed"
rm start.npz
expect_code 2 "$program" run from.yaml -o from.db --no-figures
grep -q "from.yaml:2:52: model.init_from start.npz: " err || { fail "a missing init_from has no place"; cat err; }

# What a claim looks at is measured, also in a store that lacks it.
{ cat small.yaml; echo "expect: [{metric: features_represented, runs: all, between: [1, 5]}]"; } >claimed.yaml
expect_code 0 "$program" run claimed.yaml -o claim.db --no-figures

# Other doors.
expect_code 2 "$program" export small-j1.db -o small.txt
expect_code 2 "$program" export small-j1.db -o small.csv --snapshots
expect_code 0 "$program" run small.yaml -o fresh.db --no-figures --fresh
expect_code 0 "$program" run small.yaml -o fresh.db --no-figures --fresh
[ -f fresh.db.bak ] || fail "--fresh keeps no .bak"
echo "not a store" >notes.txt
expect_code 1 "$program" run small.yaml -o notes.txt --no-figures --fresh
[ -f notes.txt ] && [ ! -f notes.txt.bak ] || fail "--fresh renames another program's file"

# --fresh leaves a store alone while it is written, and keeps all of one whose writer was killed.
sed 's/steps: 300/steps: 200000/' small.yaml >longer.yaml
"$program" run longer.yaml -j 1 -o written.db --no-figures --quiet &
sleep 1
expect_code 1 "$program" run longer.yaml -o written.db --no-figures --fresh
grep -q "another process is writing" err || fail "--fresh takes a store that is being written"
for wait in 1 2 3 4 5 6 7 8 9 10; do
    "$program" info written.db | grep -q "runs  *[1-9]" && break
    sleep 0.5
done
kill -9 $! 2>/dev/null || fail "the run to be killed was over already"
wait $! 2>/dev/null || true
"$program" info written.db | grep "^runs" >before
expect_code 0 "$program" run small.yaml -o written.db --no-figures --fresh
"$program" info written.db.bak | grep "^runs" >after
same before after "a killed store and its .bak"
expect_code 2 "$program" rnu small.yaml
grep -q "did you mean 'run'" err || fail "no nearest command"
expect_code 2 "$program" run nothing.yaml
expect_code 2 "$program" run small-j2.db
grep -q 'is a store' err || fail "a store taken for a config"
expect_code 2 "$program" run small.yaml --run 6
expect_code 2 "$program" run small.yaml --shard 2/2
expect_code 2 "$program" run small.yaml --shard /2
expect_code 2 env SLURM_ARRAY_TASK_ID= "$program" run small.yaml --shard auto/2
expect_code 2 "$program" run
expect_code 1 "$program" info small.yaml.db
for topic in config sweep changes include expect run store train record data independent relu_output adamw cosine loss steps task.importance isa; do
    expect_code 0 "$program" help $topic
done
# The choice that `help isa` tells is what a run takes; every level that runs here can be forced, and no other.
"$program" help isa >isa
chosen=$(sed -n 's/^  \([a-z0-9]*\) *built; the choice here.*/\1/p' isa)
"$program" info small-j1.db | grep -q "^isa  *$chosen\$" || fail "help isa says $chosen, info something else"
for level in plain baseline avx2 avx512; do
    grep -q "^  $level .*\(runs here\|the choice here\)" isa && code=0 || code=2
    expect_code $code "$program" run small.yaml train.steps=1 -o isa-$level.db --isa $level --no-figures
done
expect_code 2 "$program" help nonsense
expect_code 0 "$program" list
grep -q 'configs/intro.yaml' out || fail "configs are not found from another folder"
expect_code 0 "$program" check small.yaml
cp out resolved.yaml
expect_code 0 "$program" check --json small.yaml
"$python" - <<'P' || fail "check --json says something else"
import json
said = json.load(open('out'))
assert said['runs'] == said['points'] * said['restarts'] > 0 and said['expected_cpu_s'] > 0, said
assert 0 < said['expected_train_cpu_s'] < said['expected_cpu_s'], said
assert said['store'] == 'results/small.db' and said['name'] == 'small' and said['figures'] == [], said
P
expect_code 0 "$program" run resolved.yaml -o small-j2.db --no-figures --json
"$python" -c "import json; assert json.load(open('out'))['steps'] == 0" || fail "check prints another experiment"
expect_code 1 sh -c "'$program' list >/dev/full"

# Summaries are printed, exported, and made anew from what is stored: adding one trains nothing.
{
    cat small.yaml
    echo 'summaries: [{kind: slope, name: exponent, metric: loss, log: both}, loss_ratio]'
    echo "expect: [{summary: exponent_r2, between: [0, 1], says: it is a fraction}]"
} >summed.yaml
expect_code 0 "$program" run summed.yaml -o small-j1.db --no-figures
grep -q '^  exponent  *[0-9]' out || fail "the summary is not printed"
grep -q '^  held     it is a fraction: found 0' out || fail "the claim does not say its sentence"
expect_code 0 "$program" run summed.yaml -o small-j1.db --no-figures --json
"$program" export small-j1.db -o summed.json >/dev/null
"$python" - <<'P' || fail "the summaries are not those of the runs"
import json, math
said, kept = json.load(open('out')), json.load(open('summed.json'))
assert said['steps'] == 0 and said['summaries'] == kept['summaries'], said['summaries']
best = {run['point']: run for run in said['results'] if run['best']}
x = [math.log(run['data.feature_probability']) for run in best.values()]
y = [math.log(run['loss']) for run in best.values()]
mx, my = sum(x) / len(x), sum(y) / len(y)
slope = sum((a - mx) * (b - my) for a, b in zip(x, y)) / sum((a - mx) ** 2 for a in x)
assert abs(said['summaries']['exponent'] / slope - 1) < 1e-9, (said['summaries'], slope)
for run in said['results']:
    assert abs(run['loss_ratio'] - run['loss'] / best[run['point']]['loss']) < 1e-9, run
P

# A sweep may have a million runs: nothing keeps their texts (850 bytes each here) in memory. 20,000 runs fill SQLite's
# cache; from there to 40,000, peak memory may grow by what the list of numbers takes.
cat >many.yaml <<'Y'
data: {kind: independent, n_features: 2, feature_probability: 0.5}
model: {kind: relu_output, n_hidden: 1}
train: {steps: 0}
sweep: {data.feature_probability: {linspace: [0.01, 1, 200]}, train.seed: {range: [0, 100]}}
record: {metrics: [loss], loss_samples: 1}
expect: [{metric: loss, between: [0, 1e9]}]
Y
cat >peak.py <<'P'
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
assert done.returncode == 0, sys.argv
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
P
for n in 100 200; do
    seeds="sweep.train.seed={range: [0, $n]}"
    many="many.yaml -o many-$n.db --expect --no-figures --quiet"
    # shellcheck disable=SC2086  # a list of words
    {
        "$python" peak.py "$program" run $many "$seeds"
        "$python" peak.py "$program" run $many "$seeds" --json
        "$python" peak.py "$program" info many-$n.db
        "$python" peak.py "$program" export many-$n.db -o many.csv
        "$python" peak.py "$program" export many-$n.db -o many.npz
    } >peaks-$n
done
paste peaks-100 peaks-200 >peaks
while read -r small large; do
    [ $((large - small)) -lt 8000 ] || fail "20,000 runs more take more than 400 bytes each: $(cat peaks)"
done <peaks

[ $failures -eq 0 ] && echo "end to end: all held"
exit $((failures > 0))
