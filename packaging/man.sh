#!/bin/sh
# The man page from what the program says of itself. Usage: packaging/man.sh PROGRAM OUTPUT
set -eu
program=$1
include=$(mktemp)
trap 'rm -f "$include"' EXIT
for command in run check info export figure trace list help; do
    printf '[superpose %s]\n.nf\n' "$command"
    "$program" help "$command" | sed "s/\\\\/\\\\e/g; s/-/\\\\-/g; s/^[.'\\[\\/]/\\\\\&&/"
    printf '.fi\n\n'
done >"$include"
cat >>"$include" <<'R'
[exit status]
0 done, 1 failed, 2 usage or config error, 3 finished with failed runs, 4 a claim does not hold,
130 interrupted
R
help2man --no-info --locale=C.UTF-8 --name='toy models of superposition' --include="$include" --output="$2" "$program"
