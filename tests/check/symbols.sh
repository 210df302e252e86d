#!/bin/sh
# What object files must not have: mutable data at file scope, and in sim/ calls that print, end the program or draw
# numbers behind its back. main.c and the folders command/ are free: they own output, exit codes and signals. Nor may two have
# the same global name: superpose-render links both libraries, and would take the one it finds first without a word.
#
#   tests/check/symbols.sh DIR     DIR holds sim/ and render/ with their .o files (build/release)
set -u

# Mutable: anything in .data, .bss or their thread-local kin. Constants with addresses in them are in .data.rel.ro.
mutable() { nm -f sysv "$1" | awk -F'|' '{gsub(/ /, "", $7)} $7 ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)$/ {print $1}'; }
forbidden() {
    nm -u "$1" | awk '$2 ~ /^(printf|puts|putchar|perror|exit|_exit|rand|srand|random|drand48|time|strtok|setlocale)$/ {print $2}
                      $2 == "stdout" {print $2}'
}

n=0 problems=0
# An object whose source has gone elsewhere is none of the program's any more.
objects=$(find "$1/sim" "$1/render" -name '*.o' ! -name main.o 2>/dev/null | while read -r object; do
    source=${object#"$1"/}
    [ -f "${source%%.*}.c" ] && echo "$object"
done)
for symbol in $(nm -g --defined-only $objects 2>/dev/null | awk 'NF == 3 {print $3}' | sort | uniq -d); do
    echo "$symbol is defined twice: $(nm -gA --defined-only $objects | awk -v s="$symbol" '$3 == s {print $1}' | xargs)"
    problems=$((problems + 1))
done
for object in $(echo "$objects" | grep -v /command/); do
    n=$((n + 1))
    for symbol in $(mutable "$object"); do
        echo "$object: $symbol is mutable data at file scope"
        problems=$((problems + 1))
    done
    for symbol in $(forbidden "$object"); do
        echo "$object: $symbol belongs to main"
        problems=$((problems + 1))
    done
done
[ $problems = 0 ] && echo "symbols: $n objects, no mutable data"
[ $problems = 0 ] && [ $n != 0 ]
