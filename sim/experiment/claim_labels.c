/* Names and numbers in claims: what a measurement holds is known before anything trains, and so is
 * how a geometry can be called. */
#include "sim/experiment/internal.h"
#include "sim/metric/metric.h"

#include <string.h>

static void check_label(const MetricKind *metric, const char *measurement, const Yaml *label,
                        Arena *arena, Problems *problems) {
    int n = 0;
    if (metric_is_label(metric, measurement, label->text))
        return;
    while (metric->labels && metric->labels[n])
        n++;
    problem_add_unknown(problems, label->place, arena_print(arena, "%s is never", measurement),
                        label->text, metric->labels, n);
}

static void check_number(const char *measurement, const Yaml *value, Problems *problems) {
    double number;
    if (!yaml_is_real(value, &number))
        problem_add(problems, value->place, "%s is a number, and never %s", measurement,
                    value->text);
}

static void check_word(const char *measurement, const Yaml *value, Arena *arena,
                       Problems *problems) {
    const MetricKind *metric = metric_labelling(measurement);
    if (value->type != YAML_SCALAR)
        return; /* said elsewhere */
    if (metric)
        check_label(metric, measurement, value, arena, problems);
    else if (metric_making(measurement))
        check_number(measurement, value, problems);
}

void claim_words_check(const char *measurement, const Yaml *words, Arena *arena,
                       Problems *problems) {
    if (words->type == YAML_SCALAR)
        check_word(measurement, words, arena, problems);
    for (int i = 0; words->type == YAML_LIST && i < words->n; i++)
        check_word(measurement, words->items[i], arena, problems);
}

void claim_test_check(const Claim *claim, bool is_text, Place place, Problems *problems) {
    if (claim->test == CLAIM_IS && !is_text)
        problem_add(problems, place, "%s holds numbers: test it with between or equals",
                    claim->name);
    else if (claim->test != CLAIM_IS && is_text)
        problem_add(problems, place, "%s holds names: test it with is", claim->name);
}
