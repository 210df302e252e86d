#!/bin/sh
# Every figure of the paper: runs each config (what is stored is not trained again), draws its figures and checks its
# claims, then shows what was expected and what it took, and each claim that does not hold. Fails where one does not
# hold, a run failed, a figure could not be drawn, or one of its files is larger than a page should load (300 kB).
#
#   packaging/paper.sh PROGRAM CONFIG…
set -u
program=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0

# The value of a key in the program's JSON, which has one pair a line.
value() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$2" | head -n 1; }

count() { grep -c "^ *\"state\": \"$1\"" "$work/run"; }

# Claims that do not hold, in the words of the object that they stand in.
not_held() {
    awk -v name="$1" '
        /^ *"claim": / { claim = $0; sub(/^ *"claim": "/, "", claim); sub(/",?$/, "", claim) }
        /^ *"found": / { found = $0; sub(/^ *"found": "/, "", found); sub(/",?$/, "", found) }
        /^ *"state": "not held"/ { printf "%s: not held: %s: found %s\n", name, claim, found }' "$work/run"
}

row='%-28s %6s %10s %8s %8s %6s %6s %9s\n'
{
    # shellcheck disable=SC2059  # the format is the row's
    printf "$row" config runs 'expected s' 'CPU s' 'wall s' held known 'not held'
} >"$work/table"
: >"$work/troubles"
for config in "$@"; do
    name=$(basename "$config" .yaml)
    echo "== $config" >&2
    if ! "$program" check --json "$config" >"$work/check"; then
        echo "$name: the config is wrong" >>"$work/troubles"
        continue
    fi
    start=$(date +%s)
    "$program" run "$config" --json >"$work/run"
    code=$?
    end=$(date +%s)
    [ "$code" = 130 ] && exit 130
    case $code in
    0) ;;
    4) not_held "$name" >>"$work/troubles" ;;
    3) echo "$name: $(value failed "$work/run") runs failed" >>"$work/troubles" ;;
    *) echo "$name: exit code $code" >>"$work/troubles" ;;
    esac
    store=$(value store "$work/run")
    find "${store%.db}" \( -name '*.svg' -o -name '*.png' \) -size +292k 2>/dev/null |
        sed "s/^/$name: more than 300 kB: /" >>"$work/troubles"
    # shellcheck disable=SC2059
    printf "$row" "$name" "$(value runs "$work/check")" "$(printf %.1f "$(value expected_cpu_s "$work/check")")" \
        "$(printf %.1f "$(value cpu_s "$work/run")")" $((end - start)) \
        "$(count held)" "$(count known)" "$(count 'not held')" >>"$work/table"
done
echo
cat "$work/table"
awk 'NR > 1 { runs += $2; expected += $3; cpu += $4; wall += $5; held += $6; known += $7; broken += $8 }
    END { printf "%-28s %6d %10.1f %8.1f %8d %6d %6d %9d\n", "all", runs, expected, cpu, wall, held, known, broken }' \
    "$work/table"
echo 'expected s: training and measuring all runs; CPU s: what this session took for that, for summaries and for claims. What is'
echo 'stored is neither trained nor measured again; metrics of the weights alone are not in what is expected'
if [ -s "$work/troubles" ]; then
    echo
    cat "$work/troubles"
    failed=1
fi
exit $failed
