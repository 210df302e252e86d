#include "sim/command/handover.h"

/* The option's row; -1: there is none. */
static int row_of(const Handover *handover, int key) {
    for (int i = 0; i < MAX_OPTIONS && handover->options[i].key; i++)
        if (handover->options[i].key == key)
            return i;
    return -1;
}

error_t handover_parse(int key, char *value, struct argp_state *state) {
    Handover *handover = state->input;
    int row = key ? row_of(handover, key) : -1; /* ARGP_KEY_ARG is 0 */
    if (row < 0)
        return words_take(&handover->words, key, value, state);
    handover->values[row] = value ? value : "";
    return 0;
}

bool handover_has(const Handover *handover, int key) {
    return handover->values[row_of(handover, key)] != NULL;
}

const char *const *handover_line(const Handover *handover, const char *const *begin, Arena *arena) {
    const Words *words = &handover->words;
    int n = 0;
    while (begin[n])
        n++;
    const char **line = ARENA_NEW(arena, const char *, n + 2 * MAX_OPTIONS + words->n + 1);
    for (int i = 0; i < n; i++)
        line[i] = begin[i];
    for (int i = 0; i < MAX_OPTIONS && handover->options[i].key; i++) {
        const struct argp_option *option = &handover->options[i];
        if (!handover->values[i])
            continue;
        line[n++] = option->name ? arena_print(arena, "--%s", option->name)
                                 : arena_print(arena, "-%c", option->key);
        if (option->arg)
            line[n++] = handover->values[i];
    }
    for (int i = 0; i < words->n; i++)
        line[n++] = words->items[i];
    line[n] = NULL;
    return line;
}
