/* Problems are kept sorted as they come: by file (in the order files were first named), then line,
 * then column. So that a hopeless file cannot take all memory, only the first 1000 are kept; the
 * rest are counted. */
#include "sim/config/problem.h"

#include <string.h>

enum { MOST_KEPT = 1000, MOST_SHOWN = 50 };

struct Problem {
    Place place;
    int file_rank; /* files count up in the order they were first named */
    const char *text;
    Problem *next;
};

static int file_rank(const Problems *problems, const char *file) {
    int n_files = 0;
    for (const Problem *problem = problems->first; problem; problem = problem->next) {
        if (strcmp(problem->place.file, file) == 0)
            return problem->file_rank;
        if (problem->file_rank >= n_files)
            n_files = problem->file_rank + 1;
    }
    return n_files;
}

/* Negative where a comes first. */
static int compare(const Problem *a, const Problem *b) {
    if (a->file_rank != b->file_rank)
        return a->file_rank - b->file_rank;
    if (a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    return (a->place.column > b->place.column) - (a->place.column < b->place.column);
}

void problem_add(Problems *problems, Place place, const char *format, ...) {
    Text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_add_list(&text, format, arguments);
    va_end(arguments);
    if (!place.file)
        place.file = "";
    Problem new = {
        .place = place, .file_rank = file_rank(problems, place.file), .text = text_of(&text)};
    int n_kept = 0;
    Problem **next = &problems->first, **slot = NULL;
    bool is_known = false;
    for (; *next && !is_known; next = &(*next)->next, n_kept++) {
        int order = compare(&new, *next);
        if (order < 0 && !slot)
            slot = next;
        is_known = order == 0 && strcmp((*next)->text, new.text) == 0;
    }
    if (!is_known && n_kept < MOST_KEPT) {
        slot = slot ? slot : next;
        new.text = arena_copy(problems->arena, new.text);
        new.place.file = arena_copy(problems->arena, place.file); /* it outlives what was read */
        new.next = *slot;
        *slot = ARENA_NEW(problems->arena, Problem, 1);
        **slot = new;
    }
    problems->n += !is_known;
    problems->n_reports++;
    text_release(&text);
}

void problem_add_unknown(Problems *problems, Place place, const char *what, const char *word,
                         const char *const *names, int n) {
    const char *nearest = text_nearest(word, names, n);
    Text text = {0};
    if (nearest) {
        text_add(&text, "; did you mean \"%s\"?", nearest);
    } else {
        text_append(&text, n ? "; known: " : "; none is known");
        for (int i = 0; i < n; i++)
            text_add(&text, "%s%s", i ? ", " : "", names[i]);
    }
    problem_add(problems, place, "%s \"%s\"%s", what, word, text_of(&text));
    text_release(&text);
}

bool problems_fail(const Problems *problems, Error *error) {
    return error_set(error, "%s", problems->first->text);
}

void problems_print(const Problems *problems, Text *text) {
    int n_shown = 0;
    const Problem *problem = problems->first;
    for (; problem && n_shown < MOST_SHOWN; problem = problem->next, n_shown++) {
        text_append(text, problem->place.file);
        if (problem->place.line)
            text_add(text, ":%d:%d", problem->place.line, problem->place.column);
        text_add(text, ": %s\n", problem->text);
    }
    if (problems->n > n_shown)
        text_add(text, "… and %s%d more\n", problems->is_cut ? "at least " : "",
                 problems->n - n_shown);
}
