/* The section `expect`: what the experiment must show. A row that cannot be tested (a metric nobody
 * has, a point the sweep does not visit) is a problem now, not after an hour of training. */
#include "sim/experiment/internal.h"
#include "sim/metric/metric.h"

#include <string.h>

/* A row as written; trees are what only some rows have. */
typedef struct Row {
    const Yaml *metric, *instrument, *summary;
    const Yaml *at, *where, *feature, *above, *within, *between, *equals, *is, *source, *known,
        *says, *figure;
    int runs, reduce;
} Row;

static const char *const runs_words[] = {"all", "best", NULL};
static const char *const reduce_words[] = {
    [REDUCE_EACH] = "each",   [REDUCE_MEAN] = "mean",   [REDUCE_MEDIAN] = "median",
    [REDUCE_MIN] = "min",     [REDUCE_MAX] = "max",     [REDUCE_SUM] = "sum",
    [REDUCE_COUNT] = "count", [REDUCE_SHARE] = "share", [REDUCE_SHARE + 1] = NULL};

#define TREE(key)                                                                                  \
    { .name = #key, .type = FIELD_TREE, .offset = offsetof(Row, key) }

static const Field row_fields[] = {
    TREE(metric),
    TREE(instrument),
    TREE(summary),
    TREE(at),
    TREE(where),
    TREE(feature),
    TREE(above),
    TREE(within),
    TREE(between),
    TREE(equals),
    TREE(is),
    TREE(source),
    TREE(known),
    TREE(says),
    TREE(figure),
    {.name = "runs",
     .type = FIELD_WORD,
     .offset = offsetof(Row, runs),
     .words = runs_words,
     .fallback = "all"},
    {.name = "reduce",
     .type = FIELD_WORD,
     .offset = offsetof(Row, reduce),
     .words = reduce_words,
     .fallback = "each"},
};

/* What the readers of a row share. */
typedef struct RowReader {
    Experiment *experiment;
    const Row *row;
    Claim *claim;
    Problems *problems;
    bool is_known, is_text; /* what the claim is about; whether that is names */
} RowReader;

static void add_misfit(const RowReader *reader, const Yaml *node, const char *key,
                       const char *takes) {
    problem_add(reader->problems, node->place, "expect.%s takes %s, not %s", key, takes,
                yaml_describe(node, reader->experiment->arena));
}

/* A text, or NULL where there is none. */
static const char *read_text(const RowReader *reader, const Yaml *node, const char *key) {
    if (node && node->type != YAML_SCALAR)
        add_misfit(reader, node, key, "a text");
    return node && node->type == YAML_SCALAR ? node->text : NULL;
}

static void check_name(const RowReader *reader, Place place, const char *what, const char *name,
                       const char *const *names, int n) {
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return;
    problem_add_unknown(reader->problems, place, what, name, names, n);
}

static void check_metric(const RowReader *reader, Place place, const char *name) {
    int n;
    const char **names = metric_measurements(reader->experiment->arena, &n);
    if (!metric_making(name))
        problem_add_unknown(reader->problems, place, "there is no metric", name, names, n);
}

/* Claims of the whole experiment cannot say which runs they are about. */
static void refuse_runs(const RowReader *reader, const Yaml *node) {
    static const char *const keys[] = {"at", "where", "runs", "feature"};
    const Yaml *said = NULL;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && !said; i++)
        said = yaml_get(node, keys[i]);
    if (said)
        problem_add(reader->problems, said->place,
                    "%s is of the whole experiment: at, where, runs and feature do not go with it",
                    reader->claim->name);
}

static void read_summary(RowReader *reader, const Yaml *node, Place place) {
    Claim *claim = reader->claim;
    const SummaryPart *part;
    Error error = {0};
    if (!store_entry_read(claim->name, reader->experiment->arena, &claim->measurement,
                          &claim->entry, &error)) {
        problem_add(reader->problems, place, "%s", error.text);
        return;
    }
    const Choice *row =
        summary_claimed(reader->experiment, claim->measurement, place, &part, reader->problems);
    if (!row)
        return;
    reader->is_known = true;
    reader->is_text = part->is_text;
    claim->is_whole = !((const SummaryKind *)row->kind)->is_per_run;
    if (claim->is_whole)
        refuse_runs(reader, node);
    else if (claim->entry.rank)
        problem_add(reader->problems, place, "%s is one number for each run: it has no %s",
                    claim->measurement, claim->name);
}

static void read_maker(RowReader *reader, const Yaml *claimed) {
    const Row *row = reader->row;
    const Yaml *node = row->metric ? row->metric : row->instrument ? row->instrument : row->summary;
    Claim *claim = reader->claim;
    if (!!row->metric + !!row->instrument + !!row->summary != 1) {
        problem_add(reader->problems, claim->place,
                    "a claim takes exactly one of metric, instrument, summary");
        return;
    }
    claim->maker = row->metric ? "metric" : row->instrument ? "instrument" : "summary";
    claim->name = read_text(reader, node, claim->maker);
    if (!claim->name)
        return;
    claim->measurement = claim->name;
    if (row->metric) {
        check_metric(reader, node->place, claim->name);
        reader->is_known = metric_making(claim->name) != NULL;
        reader->is_text = metric_labelling(claim->name) != NULL;
    }
    if (row->summary)
        read_summary(reader, claimed, node->place);
    if (row->instrument)
        check_name(reader, node->place, "there is no instrument", claim->name, NULL, 0);
}

static void read_figure(const RowReader *reader) {
    const Yaml *figures = reader->experiment->figures, *node = reader->row->figure;
    Claim *claim = reader->claim;
    claim->figure = read_text(reader, node, "figure");
    if (!claim->figure)
        return;
    int n_rows = figures ? figures->n : 0, n = 0;
    const char **names = ARENA_NEW(reader->experiment->arena, const char *, n_rows);
    for (int i = 0; i < n_rows; i++)
        if (experiment_figure(figures->items[i]))
            names[n++] = experiment_figure(figures->items[i]);
    check_name(reader, node->place, "the config draws no figure", claim->figure, names, n);
}

static bool is_word_or_number(const Yaml *node) {
    return node->type == YAML_SCALAR && !yaml_is_empty(node);
}

/* Whether a scalar, or a list of them that is not empty. */
static bool is_words(const Yaml *node) {
    bool fits = node->type == YAML_LIST ? node->n > 0 : is_word_or_number(node);
    for (int i = 0; node->type == YAML_LIST && i < node->n; i++)
        fits &= is_word_or_number(node->items[i]);
    return fits;
}

static void read_where(const RowReader *reader) {
    const Yaml *where = reader->row->where;
    if (!where)
        return;
    if (where->type != YAML_MAP) {
        add_misfit(reader, where, "where", "a map of measurements");
        return;
    }
    reader->claim->where = where;
    for (int i = 0; i < where->n; i++) {
        check_metric(reader, where->pairs[i].place, where->pairs[i].key);
        if (is_words(where->pairs[i].value))
            claim_words_check(where->pairs[i].key, where->pairs[i].value, reader->experiment->arena,
                              reader->problems);
        else
            add_misfit(reader, where->pairs[i].value, "where",
                       "a label, a number or a list of them");
    }
}

static void read_feature(const RowReader *reader) {
    const Yaml *feature = reader->row->feature;
    long long index;
    reader->claim->feature = FEATURES_ALL;
    if (!feature)
        return;
    if (feature->type == YAML_SCALAR && strcmp(feature->text, "represented") == 0)
        reader->claim->feature = FEATURES_REPRESENTED;
    else if (yaml_is_integer(feature, &index) && index >= 0)
        reader->claim->feature = index;
    else
        add_misfit(reader, feature, "feature", "an index >= 0 or represented");
}

static bool is_range(const Yaml *node, double *low, double *high) {
    return node->type == YAML_LIST && node->n == 2 && yaml_is_real(node->items[0], low) &&
           yaml_is_real(node->items[1], high) && *low <= *high;
}

static void read_range(const RowReader *reader, const Yaml *node, const char *key, double *low,
                       double *high) {
    if (!is_range(node, low, high))
        problem_add(reader->problems, node->place,
                    "expect.%s takes [low, high], numbers with low <= high", key);
}

/* What is counted. */
static void read_counted(const RowReader *reader) {
    const Yaml *above = reader->row->above, *within = reader->row->within;
    Claim *claim = reader->claim;
    bool is_count = claim->reduce == REDUCE_COUNT || claim->reduce == REDUCE_SHARE;
    claim->is_within = within != NULL;
    if (is_count && !above == !within)
        problem_add(reader->problems, claim->place,
                    "reduce: %s needs above: a number, or within: [low, high]",
                    reduce_words[claim->reduce]);
    else if (!is_count && (above || within))
        problem_add(reader->problems, (above ? above : within)->place,
                    "%s goes with reduce: count or share only", above ? "above" : "within");
    else if (above && !yaml_is_real(above, &claim->above))
        add_misfit(reader, above, "above", "a number");
    else if (within)
        read_range(reader, within, "within", &claim->within[0], &claim->within[1]);
}

static void read_is(const RowReader *reader, const Yaml *node) {
    Claim *claim = reader->claim;
    claim->test = CLAIM_IS;
    if (!is_words(node)) {
        add_misfit(reader, node, "is", "a word or a list of words");
        return;
    }
    int n = node->type == YAML_LIST ? node->n : 1;
    const char **names = ARENA_NEW(reader->experiment->arena, const char *, n);
    for (int i = 0; i < n; i++)
        names[i] = node->type == YAML_LIST ? node->items[i]->text : node->text;
    claim->names = names;
    claim->n_names = n;
}

static void read_test(const RowReader *reader) {
    const Row *row = reader->row;
    Claim *claim = reader->claim;
    if (!!row->between + !!row->equals + !!row->is != 1) {
        problem_add(reader->problems, claim->place,
                    "a claim takes exactly one of between, equals, is");
    } else if (row->between) {
        claim->test = CLAIM_BETWEEN;
        read_range(reader, row->between, "between", &claim->low, &claim->high);
    } else if (row->is) {
        read_is(reader, row->is);
    } else {
        claim->test = CLAIM_EQUALS;
        if (!yaml_is_real(row->equals, &claim->low))
            add_misfit(reader, row->equals, "equals", "a number");
        claim->high = claim->low;
    }
}

/* Whether the test fits what is tested. */
static void check_test(const RowReader *reader) {
    const Row *row = reader->row;
    const Yaml *test = row->is ? row->is : row->between ? row->between : row->equals;
    if (!reader->is_known || !test || (row->is && !is_words(row->is)))
        return;
    claim_test_check(reader->claim, reader->is_text, test->place, reader->problems);
    if (row->metric && row->is && reader->is_text)
        claim_words_check(reader->claim->name, row->is, reader->experiment->arena,
                          reader->problems);
}

static void read_claim(Experiment *experiment, const Yaml *node, Claim *claim, Problems *problems) {
    Row row = {.runs = 0};
    *claim = (Claim){.place = node->place, .feature = FEATURES_ALL};
    fields_read(row_fields, sizeof row_fields / sizeof *row_fields, "expect", node, node->place,
                &row, NULL, 0, experiment->arena, problems);
    if (node->type != YAML_MAP)
        return;
    RowReader reader = {experiment, &row, claim, problems, false, false};
    claim->is_best = row.runs == 1;
    claim->reduce = (ClaimReduce)row.reduce;
    claim->source = read_text(&reader, row.source, "source");
    claim->known = read_text(&reader, row.known, "known");
    claim->says = read_text(&reader, row.says, "says");
    read_figure(&reader);
    read_maker(&reader, node);
    if (at_check(experiment, row.at, "expect", problems))
        claim->at = row.at;
    read_where(&reader);
    read_feature(&reader);
    read_counted(&reader);
    read_test(&reader);
    check_test(&reader);
}

void claims_read(Experiment *experiment, const Yaml *node, Problems *problems) {
    if (!node || yaml_is_empty(node))
        return;
    if (node->type != YAML_LIST) {
        problem_add(problems, node->place, "expect takes a list of claims, not %s",
                    yaml_describe(node, experiment->arena));
        return;
    }
    Claim *claims = ARENA_NEW(experiment->arena, Claim, node->n);
    for (int i = 0; i < node->n; i++)
        read_claim(experiment, node->items[i], &claims[i], problems);
    experiment->claims = claims;
    experiment->n_claims = node->n;
}
