/* A claim in words, and a number that was found for it. */
#include "sim/experiment/claims.h"

#include <math.h>
#include <stdlib.h>

static const char *const reduce_words[] = {
    [REDUCE_EACH] = "each",   [REDUCE_MEAN] = "mean",  [REDUCE_MEDIAN] = "median",
    [REDUCE_MIN] = "min",     [REDUCE_MAX] = "max",    [REDUCE_SUM] = "sum",
    [REDUCE_COUNT] = "count", [REDUCE_SHARE] = "share"};

/* " at key value, key value" */
static void add_pairs(Text *text, const char *word, const Yaml *map) {
    for (int i = 0; map && i < map->n; i++) {
        text_add(text, "%s%s ", i ? ", " : word, map->pairs[i].key);
        yaml_print(map->pairs[i].value, text);
    }
}

static void add_test(Text *text, const Claim *claim) {
    char low[32], high[32];
    switch (claim->test) {
    case CLAIM_BETWEEN:
        text_add(text, " in [%s, %s]", text_number(low, claim->low),
                 text_number(high, claim->high));
        break;
    case CLAIM_EQUALS:
        text_add(text, " = %s", text_number(low, claim->low));
        break;
    case CLAIM_IS:
        for (int i = 0; i < claim->n_names; i++)
            text_add(text, "%s%s", i ? " or " : " is ", claim->names[i]);
        break;
    }
}

static void add_counted(Text *text, const Claim *claim) {
    char low[32], high[32];
    if (claim->is_within)
        text_add(text, " within [%s, %s]", text_number(low, claim->within[0]),
                 text_number(high, claim->within[1]));
    else
        text_add(text, " above %s", text_number(low, claim->above));
}

const char *claim_text(const Claim *claim, Arena *arena) {
    Text text = {0};
    text_add(&text, "%s", claim->name);
    if (claim->feature >= 0)
        text_add(&text, " of feature %lld", (long long)claim->feature);
    else if (claim->feature == -2)
        text_add(&text, " of represented features");
    add_pairs(&text, " at ", claim->at);
    add_pairs(&text, " where ", claim->where);
    if (!claim->is_whole)
        text_add(&text, ", %s", claim->is_best ? "best" : "all runs");
    if (!claim->is_whole || claim->reduce != REDUCE_EACH)
        text_add(&text, ", %s", reduce_words[claim->reduce]);
    if (claim->reduce == REDUCE_COUNT || claim->reduce == REDUCE_SHARE)
        add_counted(&text, claim);
    add_test(&text, claim);
    const char *copy = arena_copy(arena, text_of(&text));
    text_release(&text);
    return copy;
}

bool claim_allows(const Claim *claim, double value) {
    return value >= claim->low && value <= claim->high;
}

const char *claim_number(const Claim *claim, double value, Arena *arena) {
    enum { DIGITS = 4, WHOLE_DIGITS = 15, ALL_DIGITS = 17 };
    int n_digits = value == rint(value) && fabs(value) < 1e15 ? WHOLE_DIGITS : DIGITS;
    const char *text = arena_print(arena, "%.*g", n_digits, value);
    while (n_digits < ALL_DIGITS &&
           claim_allows(claim, strtod(text, NULL)) != claim_allows(claim, value))
        text = arena_print(arena, "%.*g", ++n_digits, value);
    return text;
}
