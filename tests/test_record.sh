#!/bin/sh
# superpose record from end to end: every format with all its frames, the same frames at any number of threads, an
# interrupt, a program or a disk that is missing, exit codes. Usage: tests/test_record.sh
set -eu
[ "${HEADLESS:-0}" = 0 ] || exit 0
program=$(realpath "${1:-build/superpose}")
pentagon=$(realpath configs/pentagon.yaml)
. "$(dirname "$0")/end_to_end.sh"

# expect CODE WORDS ARGUMENT...: the exit code, words that stdout or stderr has ("" for none), at most one line of error.
expect() {
    wanted=$1 words=$2
    shift 2
    code=0
    PATH=${path:-$PATH} "$program" record "$@" >out 2>err || code=$?
    [ "$code" -eq "$wanted" ] || fail "exit code $code, not $wanted: $*: $(cat err)"
    [ -z "$words" ] || grep -qF -- "$words" out err || fail "\"$words\" is not in: $(cat out err)"
    [ "$wanted" -ne 1 ] || [ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
}
# film FILE ARGUMENT...: half a second of training and the two seconds of its end, 25 frames.
film() {
    expect 0 "$1" "$pentagon" -o "$@" --run 3 train.steps=300 --seconds 0.5 --fps 10 --size 321x201
}
only() {
    [ "$(ls | grep -v '^out$\|^err$' | tr '\n' ' ')" = "$1" ] || fail "files are $(ls)"
}

film one/ -j 1
film two/ -j 2
[ "$(ls one | wc -l)" -eq 25 ] || fail "one/ has $(ls one | wc -l) frames"
diff -r one two >/dev/null || fail "frames differ by the number of threads"
cmp -s one/frame-00001.png one/frame-00006.png && fail "the training does not move"
cmp -s one/frame-00006.png one/frame-00025.png || fail "the end is not held"
film dark/ --theme dark --with-controls --scale 0.5 --scene dynamics
cmp -s one/frame-00025.png dark/frame-00025.png && fail "options change nothing"
rm -r one two dark
only ""

# A run that fails: what was until then, and the end held; of several the others go on.
cat >nan.yaml <<END
data: {kind: independent, n_features: 4, feature_probability: 0.5}
model: {kind: relu_output, n_hidden: 2}
train: {steps: 600, batch: 64, learning_rate: 0.01, optimizer: sgd}
changes: [{step: 300, set: {train.learning_rate: 1e9}}]
END
fails() {
    expect 3 "$1" nan.yaml -o "$@" --seconds 4 --fps 10 --size 321x201
    [ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
    grep -q '^run [01] failed: step 30[0-9]: .*nan' err || fail "no word of what failed: $(cat err)"
}
fails one/
n=$(ls one | wc -l)
[ "$n" -ge 40 ] && [ "$n" -le 45 ] || fail "$n frames of a run that fails in the middle"
fails two/ 'sweep={train.batch: [32, 64]}'
grep -q ', and 1 other$' err || fail "no word of the other: $(cat err)"
[ "$(ls two | wc -l)" -eq "$n" ] || fail "$(ls two | wc -l) frames of two that fail"
rm -r one two nan.yaml
only ""

# A store's snapshots, without training.
"$program" run "$pentagon" -o store.db --run 3 --no-figures --quiet train.steps=300 'record.snapshots={linear: 30}' 2>err ||
    fail "no store: $(cat err)"
replay() {
    expect 0 "$1" store.db -o "$@" --seconds 0.5 --fps 10 --size 321x201
}
replay one/
replay two/
[ "$(ls one | wc -l)" -eq 25 ] || fail "one/ has $(ls one | wc -l) frames of a store"
diff -r one two >/dev/null || fail "frames of a store differ"
[ "$(cksum one/* | cut -d' ' -f1 | sort -u | wc -l)" -eq 6 ] || fail "the replay does not move in every frame"
cmp -s one/frame-00006.png one/frame-00025.png || fail "the replay's end is not held"
expect 2 "train.steps=5 cannot be set" store.db -o x.mp4 train.steps=5
expect 2 "runs 0 to" store.db -o x.mp4 --run 5000
rm -r one two
# Damage: the film of what can be read, and a word of what cannot.
/usr/bin/python3 - <<'P' || fail "no damage done"
import sqlite3
with sqlite3.connect('store.db') as store:
    assert store.execute('UPDATE tensor SET data = zeroblob(length(data)) WHERE step = 103').rowcount > 0
P
expect 1 "checksum" store.db -o one/ --seconds 0.5 --fps 10 --size 321x201
[ "$(cat out)" = one/ ] || fail "not told where the film is: $(cat out)"
[ "$(ls one | wc -l)" -eq 25 ] || fail "one/ has $(ls one | wc -l) frames of a damaged store"
rm -r one store.db
only ""

if command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null; then
    for kind in mp4 gif; do
        film film.$kind
        n=$(ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of csv=p=0 film.$kind | tr -d ',')
        [ "$n" = 25 ] || fail "film.$kind has $n frames"
    done
    film film.webp
    head -c 12 film.webp | grep -q WEBP || fail "film.webp is none"
    only "film.gif film.mp4 film.webp "
    # A file that cannot grow: as on a full disk ffmpeg ends early.
    (ulimit -f 8 && expect 1 "ffmpeg" "$pentagon" -o full.mp4 --run 3 train.steps=300 --seconds 2 --quiet &&
        [ "$failures" = 0 ]) || fail "a full disk"
    rm film.*
    only ""
    # An interrupt leaves a whole film of what there is.
    "$program" record "$pentagon" -o half.mp4 --run 3 --seconds 600 --size 320x200 >out 2>err &
    sleep 2
    kill -INT $!
    code=0
    wait $! || code=$?
    [ "$code" = 130 ] || fail "interrupted: exit code $code"
    n=$(ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of csv=p=0 half.mp4 | tr -d ',')
    [ "$n" -gt 0 ] && [ "$n" -lt 18000 ] || fail "the interrupted film has $n frames"
    rm half.mp4
fi

path=/nowhere
film film.mp4
path=
grep -qF 'film.mp4: ffmpeg is not installed; its frames are PNGs in film-frames/' err || fail "no word of ffmpeg: $(cat err)"
[ "$(ls film-frames | wc -l)" -eq 25 ] || fail "film-frames/ has $(ls film-frames | wc -l) frames"
rm -r film-frames
only ""

expect 2 "-o FILE.mp4" "$pentagon"
expect 2 "a config or a store is needed" -o x.mp4
expect 2 ".mp4, .gif or .webp" "$pentagon" -o x.avi
expect 2 "did you mean 'geometry'" "$pentagon" -o x.mp4 --run 0 --scene geometri
expect 2 "train.stepz" "$pentagon" -o x.mp4 train.stepz=3
expect 2 "WIDTHxHEIGHT" "$pentagon" -o x.mp4 --size 12
expect 2 "WIDTHxHEIGHT" "$pentagon" -o x.mp4 --size 100x1000000
expect 2 "number from 1 to 60" "$pentagon" -o x.mp4 --fps 0
expect 2 "number from 0.1" "$pentagon" -o x.mp4 --seconds nan
expect 2 "too few pixels" "$pentagon" -o x.mp4 --scale 10
expect 2 "light or dark" "$pentagon" -o x.mp4 --theme blue
expect 2 "x.db: cannot be read" x.db -o x.mp4
expect 1 "nowhere/x.mp4: cannot be written" "$pentagon" -o nowhere/x.mp4
expect 1 "nowhere/x/" "$pentagon" -o nowhere/x/
only ""

[ "$failures" -eq 0 ]
