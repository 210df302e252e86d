/* What defines a run, as text, and the hash of it that is the run's identity.
 *
 * Settings at their default do not count in the hash, so that a version that knows more settings
 * still finds the runs of those before it. What counts always: the kinds, settings without a
 * default, changes, the restart. So a default stands for what it is now in all stores there are:
 * whoever wants another gives it a new name, or makes new identities in a step of the schema. */
#include "sim/experiment/internal.h"

#include <math.h>
#include <xxhash.h>

static double own_weight_decay(const TrainSettings *train) {
    return ((const OptimizerKind *)train->optimizer.kind)->weight_decay;
}

TrainSettings train_as_printed(const TrainSettings *train) {
    TrainSettings resolved = *train;
    if (isnan(resolved.weight_decay))
        resolved.weight_decay = own_weight_decay(train);
    return resolved;
}

TrainSettings train_as_hashed(const TrainSettings *train) {
    TrainSettings hashed = *train;
    if (hashed.weight_decay == own_weight_decay(train))
        hashed.weight_decay = (double)NAN;
    return hashed;
}

bool train_is_printed(const Field *field) {
    return field->offset != offsetof(TrainSettings, restarts) &&
           field->offset != offsetof(TrainSettings, restart);
}

static void print_train(const TrainSettings *train, Text *text) {
    TrainSettings resolved = train_as_printed(train);
    const char *between = "{";
    for (int i = 0; i < n_train_fields; i++) {
        if (!train_is_printed(&train_fields[i]))
            continue;
        text_append(text, between);
        fields_print(&train_fields[i], 1, &resolved, text);
        between = ", ";
    }
    text_append(text, "}");
}

static void print_train_brief(const TrainSettings *train, Text *text) {
    TrainSettings hashed = train_as_hashed(train);
    text_append(text, "{");
    for (int i = 0; i < n_train_fields; i++)
        if (train_is_printed(&train_fields[i]))
            fields_print_brief(&train_fields[i], 1, &hashed, text);
    text_append(text, "}");
}

void section_print(Section section, const Settings *settings, Text *text) {
    if (section == SECTION_TRAIN)
        print_train(&settings->train, text);
    else
        choice_print(choice_table_at(section_names[section]), section_choice(settings, section),
                     text);
}

void run_text_add_section(RunText *text, Section section, const Settings *settings) {
    section_print(section, settings, &text->all);
    if (section == SECTION_TRAIN)
        print_train_brief(&settings->train, &text->brief);
    else
        choice_print_brief(choice_table_at(section_names[section]),
                           section_choice(settings, section), &text->brief);
}

void run_text_append(RunText *text, const char *more) {
    text_append(&text->all, more);
    text_append(&text->brief, more);
}

void run_text_add(RunText *text, const RunPiece *piece) {
    text_append(&text->all, piece->all);
    text_append(&text->brief, piece->brief);
}

RunPiece run_text_take(RunText *text, Arena *arena) {
    RunPiece piece = {arena_copy(arena, text_of(&text->all)),
                      arena_copy(arena, text_of(&text->brief))};
    run_text_release(text);
    return piece;
}

void run_text_hash(const RunText *text, char *identity) {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(text->brief.data, text->brief.n));
    for (int i = 0; i < 16; i++) {
        identity[2 * i] = "0123456789abcdef"[canonical.digest[i] >> 4];
        identity[2 * i + 1] = "0123456789abcdef"[canonical.digest[i] & 15];
    }
    identity[32] = 0;
}

void run_identify(Run *run, const RunText *text, Arena *arena) {
    run_text_hash(text, run->identity);
    run->settings_text = arena_copy(arena, text_of(&text->all));
}

void run_text_release(RunText *text) {
    text_release(&text->all);
    text_release(&text->brief);
}
