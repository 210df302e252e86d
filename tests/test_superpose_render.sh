#!/bin/sh
# superpose-render from outside: what it writes and where, its exit codes, its one-line errors. The store comes from
# superpose. Usage: tests/test_superpose_render.sh
set -eu
[ "${HEADLESS:-0}" = 0 ] || exit 0
build=$(realpath "${BUILD:-build}")
. "$(dirname "$0")/end_to_end.sh"
export XDG_STATE_HOME="$folder/state"

# expect CODE WORDS ARGUMENT...: the exit code, and words that stdout or stderr has ("" for none).
expect() {
    wanted=$1 words=$2
    shift 2
    code=0
    "$build/superpose-render" "$@" >out 2>err || code=$?
    [ "$code" -eq "$wanted" ] || fail "exit code $code, not $wanted: $*: $(cat err)"
    [ -z "$words" ] || grep -qF -- "$words" out err || fail "\"$words\" is not in: $(cat out err)"
    [ "$wanted" -eq 0 ] || [ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
}

cat >plane.yaml <<'Y'
title: Plane
data: {kind: independent, n_features: 5, feature_probability: 1}
model: {kind: linear, n_hidden: 2}
train: {steps: 10}
sweep: {data.feature_probability: [1, 0.1]}
figures: [directions, {kind: gram, name: matrix, theme: dark}]
Y
sed 's/n_hidden: 2/n_hidden: 4/' plane.yaml >hyperspace.yaml
for name in plane hyperspace; do
    "$build/superpose" run $name.yaml -o $name.db --no-figures --quiet >said 2>&1 || { cat said; exit 1; }
done

# What a figure cannot show is refused before anything is trained: of all points, or of those that the row names; of a
# kind that chooses its run, only where none of them will do.
refused() {
    wanted=$1
    shift
    code=0
    "$build/superpose" check "$@" >out 2>err || code=$?
    [ "$code" -eq "$wanted" ] || fail "check: exit code $code, not $wanted: $*: $(cat err)"
}
refused 2 hyperspace.yaml
grep -q '^hyperspace.yaml:6:11: the figure directions .* from 2 to 3, and point 0 has .* n_hidden 4$' err || fail "$(cat err)"
[ "$(wc -l <err)" -eq 1 ] || fail "gram shows any size, but: $(cat err)"
refused 2 plane.yaml 'sweep={model.n_hidden: [2, 4]}'
refused 0 plane.yaml 'sweep={model.n_hidden: [2, 4]}' 'figures=[{kind: directions, points: [0]}, path]'
refused 2 plane.yaml 'sweep={model.n_hidden: [2, 4]}' 'figures=[{kind: directions, points: [0, 1]}]'
refused 2 plane.yaml 'sweep={model.n_hidden: [4, 5]}' 'figures=[path]'
refused 0 plane.yaml data.n_features=1000 'figures=[gram]'
refused 2 plane.yaml data.n_features=1001 'figures=[gram]'
refused 2 plane.yaml 'figures=[surface]'
refused 0 plane.yaml data.n_features=2 model.n_hidden=1 'figures=[surface]'
code=0
"$build/superpose" run hyperspace.yaml -o refused.db >out 2>err || code=$?
[ "$code" -eq 2 ] && [ ! -e refused.db ] || fail "run trains what it cannot draw: exit code $code: $(cat err)"

expect 0 "plane/directions.svg" figure plane.db
for file in directions.svg directions.png matrix.svg matrix.png; do
    [ -s "plane/$file" ] || fail "plane/$file is missing"
done
[ "$(ls plane | wc -l)" -eq 4 ] || fail "other files: $(ls plane)"
expect 0 "" figure plane.db --quiet
[ ! -s out ] || fail "--quiet said $(cat out)"
cp plane/directions.svg first.svg
expect 0 "one.pdf" figure plane.db -k gram -o one.pdf --theme light
expect 0 "again.svg" figure plane.db -k directions -o again.svg
cmp -s first.svg again.svg || fail "the same figure has other bytes"

expect 1 "n_hidden: 4; the kind gram shows any size" figure hyperspace.db
[ -s hyperspace/matrix.png ] || fail "one figure that fails stops the others"
expect 1 "missing.db" figure missing.db
expect 1 "cannot be written" figure plane.db -k gram -o nowhere/x.svg
expect 2 "directions" figure plane.db -k diretions
expect 2 "one file: choose one with -k" figure plane.db -o x.svg
expect 2 ".svg, .pdf or .png" figure plane.db -k gram -o x.jpg
expect 2 "light or dark" figure plane.db --theme blue
expect 2 "a value must follow" figure plane.db -k
expect 2 "unknown option" figure plane.db --wide
expect 2 "one store at a time" figure plane.db hyperspace.db
expect 2 "a store is needed" figure
expect 2 "unknown command" draw plane.db

# The window, where there is none to be seen: it opens, trains, and closes when it is asked to; or says what it lacks.
expect 1 "display" view plane.yaml --theme dark
expect 2 "configs/intro.yaml" view # the preset of those who have had none
expect 2 "train.stepz" view plane.yaml train.stepz=1
expect 2 "runs 0 to 1" view plane.yaml --run 2
expect 2 "takes a whole number from 1" view plane.yaml -j none
SDL_VIDEODRIVER=dummy "$build/superpose" view plane.yaml >out 2>err &
sleep 1
kill -TERM $! && wait $! || fail "a window that is told to close ends with $?: $(cat err)"
[ ! -s err ] || fail "a window said: $(cat err)"
grep -q '"scale": 1' state/superpose/view.json || fail "a window keeps nothing for the next session"
expect 2 "a command is needed"
expect 0 "superpose-render " --version
expect 0 "usage: " --help
expect 0 '"name": "directions"' --describe
expect 0 '"name": "geometry"' --describe

[ "$failures" -eq 0 ]
