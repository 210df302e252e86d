/* Touches that are taken back. */
#include "sim/experiment/touch.h"

#include <criterion/criterion.h>
#include <string.h>

static const char config[] =
    "data: {n_features: 6, feature_probability: 0.4}\n"
    "task: {importance: {decay: 0.9}}\n"
    "model: {kind: relu_output, n_hidden: 2}\n"
    "train: {steps: 60, batch: 200, learning_rate: 0.01}\n"
    "changes: [{step: 45, set: {train.learning_rate: 0.03, train.weight_decay: 0.5}}]\n";

/* From the start, before, at and behind the config's own change; keys anew and once more. */
static const struct {
    int64_t step;
    const char *key, *value;
} touches[] = {
    {0, "task.importance.decay", "0.8"},
    {20, "data.feature_probability", "0.3"},
    {7, "train.batch", "70"},
    {20, "data.feature_probability", "0.35"},
    {45, "train.learning_rate", "0.02"},
    {45, "model.hidden_penalty", "0.01"},
    {0, "train.learning_rate", "0.05"},
    {58, "train.batch", "90"},
    {30, "task.importance.decay", "0.7"},
    {20, "train.weight_decay", "0.1"},
    {0, "data.feature_probability", "0.9"},
};

static void touch(Touched *touched, int i) {
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    cr_assert(touched_set(touched, touches[i].step, touches[i].key, touches[i].value, &problems));
    arena_release(&arena);
}

/* All that a Touched shows of itself. */
static const char *shown(const Touched *touched, Arena *arena) {
    Text text = {0};
    touched_print(touched, 60, &text);
    const char *copy =
        arena_print(arena, "%s\n%s", touched_run(touched, 60, arena).identity, text_of(&text));
    text_release(&text);
    return copy;
}

/* Two that are touched alike, but that one takes each touch back first and does it again. */
Test(touch_back, leaves_all_as_it_was) {
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    Experiment *base =
        experiment_parse("t.yaml", config, sizeof config - 1, NULL, 0, &arena, &problems);
    cr_assert(base);
    Touched *touched = touched_open(base, 0, &arena), *other = touched_open(base, 0, &arena);
    for (int i = 0; i < (int)(sizeof touches / sizeof *touches); i++) {
        const char *before = shown(touched, &arena);
        touch(touched, i);
        cr_assert_str_neq(shown(touched, &arena), before);
        touched_take_back(touched);
        cr_assert_str_eq(shown(touched, &arena), before, "touch %d", i);
        touch(touched, i);
        touch(other, i);
        cr_assert_str_eq(shown(touched, &arena), shown(other, &arena), "touch %d", i);
    }
    arena_release(&arena);
}
