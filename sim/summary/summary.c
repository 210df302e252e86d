#include "sim/summary/summary.h"

#include <string.h>

/* One line a summary: the file <name>.c defines summary_<name>. */
#define SUMMARIES(ROW)                                                                             \
    ROW(level_jumps)                                                                               \
    ROW(loss_ratio)                                                                                \
    ROW(best_of_class)                                                                             \
    ROW(mean_of_kept)                                                                              \
    ROW(crossing)                                                                                  \
    ROW(slope)                                                                                     \
    ROW(monotone)                                                                                  \
    ROW(comparison)                                                                                \
    ROW(phase_agreement)

#define DECLARE(name) extern const SummaryKind summary_##name;
SUMMARIES(DECLARE)

#define ROW_OF(name) &summary_##name.kind,
static const Kind *const rows[] = {SUMMARIES(ROW_OF)};

static const Field fields[] = {
    {.name = "name",
     .type = FIELD_TEXT,
     .offset = offsetof(SummarySettings, name),
     .fallback = "auto",
     .help = "of its measurements; auto: the kind's"},
    {.name = "at",
     .type = FIELD_TREE,
     .offset = offsetof(SummarySettings, at),
     .help = "a map of axis values: only the runs there (default: all)"},
};

const KindTable summary_table = {
    .name = "summaries",
    .noun = "summary",
    .summary = "numbers of many runs, made from what is stored",
    .rows = rows,
    .n_rows = sizeof rows / sizeof *rows,
    .fields = fields,
    .n_fields = sizeof fields / sizeof *fields,
    .settings_size = sizeof(SummarySettings),
};

const char *summary_name(const Choice *row) {
    return ((const SummarySettings *)row->settings)->name;
}

static const char *part_name(const char *name, const char *ending, Arena *arena) {
    return ending ? arena_print(arena, "%s_%s", name, ending) : name;
}

double *summary_add(const SummaryInput *input, Measurements *measurements, const char *ending,
                    int rank, const int64_t *shape) {
    const SummarySettings *settings = input->settings;
    return measurement_add(measurements, part_name(settings->name, ending, measurements->arena),
                           rank, shape);
}

void summary_add_scalar(const SummaryInput *input, Measurements *measurements, const char *ending,
                        double value) {
    *summary_add(input, measurements, ending, 0, NULL) = value;
}

int64_t summary_kept(int64_t n, int64_t discard) {
    int64_t least = n > 0;
    return n - discard > least ? n - discard : least;
}

const SummaryPart *summary_part(const Choice *row, const char *name) {
    const SummaryKind *kind = (const SummaryKind *)row->kind;
    const char *own = summary_name(row);
    size_t n = strlen(own);
    if (strncmp(own, name, n) != 0 || (name[n] && name[n] != '_'))
        return NULL;
    for (int i = 0; i < kind->n_parts; i++) {
        const char *ending = kind->parts[i].ending;
        if (ending ? name[n] && strcmp(ending, name + n + 1) == 0 : !name[n])
            return &kind->parts[i];
    }
    return NULL;
}

void summary_parts_print(const SummaryKind *kind, Text *text) {
    text_add(text, "makes, %s:\n",
             kind->is_per_run ? "one number for each run" : "of the whole experiment");
    for (int i = 0; i < kind->n_parts; i++)
        text_add(text, "  NAME%s%s: %s\n", kind->parts[i].ending ? "_" : "",
                 kind->parts[i].ending ? kind->parts[i].ending : "", kind->parts[i].help);
}
