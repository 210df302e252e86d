#!/bin/sh
# The README's pictures of the window, and its film, results/gallery/view-*.png and sparser.webp: frames of films, which
# are the same on any machine.
#
#   packaging/screens.sh PROGRAM      needs what `make paper` stored for the phase diagram, and ffmpeg for the film
set -eu
program=$1
gallery=results/gallery
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# name | what is shown | run (-: all) | scene | theme | second of the ten that its training takes, and two of its end
table() {
    cat <<'TABLE'
grid    | configs/intro.yaml                 | - | grid           | light | 7
solid   | configs/paper/octahedron.yaml      | 3 | geometry       | dark  | 7
dim     | configs/paper/energy_levels.yaml   | 0 | dimensionality | light | 6
gram    | configs/paper/basic_20_to_5.yaml   | 100 | gram           | dark  | 11
phase   | results/phase_2_to_1.db            | - | phase          | light | 11
samples | configs/sparser.yaml               | - | samples        | dark  | 5
TABLE
}

table | tr -d " " | while IFS="|" read -r name of run scene theme second; do
    [ "$run" = - ] && which= || which=--run=$run
    # shellcheck disable=SC2086  # nothing where all runs are meant
    "$program" record "$of" $which --scene="$scene" --theme="$theme" --with-controls --size=1280x800 --seconds=10 \
        --quiet -o "$work/$name/" </dev/null
    frame=$(printf '%s\n' "$work/$name"/*.png | sed -n "$((second * 30))p")
    cp "$frame" "$gallery/view-$name.png"
    echo "$gallery/view-$name.png"
done
"$program" record configs/sparser.yaml --with-controls --quiet -o "$work/sparser.webp"
cp "$work/sparser.webp" "$gallery/sparser.webp"
echo "$gallery/sparser.webp"
