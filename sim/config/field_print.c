/* Saying settings: as YAML text that reads back to the same values, and what a field takes. */
#include "sim/config/field.h"
#include "sim/config/kind.h"

#include <math.h>
#include <string.h>

static void print_number(double value, Text *text) {
    char buffer[32];
    text_append(text, text_number(buffer, value));
}

static void print_integer(int64_t value, Text *text) {
    char buffer[24], *at = buffer + sizeof buffer - 1;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    *at = 0;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--at = '-';
    text_append(text, at);
}

static void print_features(const FeatureValues *values, Text *text) {
    switch (values->form) {
    case FORM_SCALAR:
        print_number(values->a, text);
        break;
    case FORM_LIST:
        for (int i = 0; i < values->n; i++) {
            text_append(text, i ? ", " : "[");
            print_number(values->list[i], text);
        }
        text_append(text, "]");
        break;
    case FORM_FIRST_REST:
        text_append(text, "{first: ");
        print_number(values->a, text);
        text_append(text, ", rest: ");
        print_number(values->b, text);
        text_append(text, "}");
        break;
    case FORM_DECAY:
    case FORM_LAST:
        text_append(text, values->form == FORM_DECAY ? "{decay: " : "{last: ");
        print_number(values->a, text);
        text_append(text, "}");
        break;
    case FORM_ZIPF:
        text_append(text, "{zipf: ");
        print_number(values->a, text);
        text_append(text, ", active: ");
        print_number(values->b, text);
        text_append(text, "}");
        break;
    }
}

static void print_cadence(const Cadence *cadence, Text *text) {
    static const char *const names[] = {
        [CADENCE_EVERY] = "every", [CADENCE_LOG] = "log", [CADENCE_LINEAR] = "linear"};
    if (cadence->form == CADENCE_NONE)
        text_append(text, "none");
    else
        text_add(text, "{%s: %lld}", names[cadence->form], (long long)cadence->n);
}

static void print_choices(const KindTable *table, const Choices *choices, Text *text) {
    text_append(text, "[");
    for (int i = 0; i < choices->n; i++) {
        text_append(text, i ? ", " : "");
        choice_print(table, &choices->items[i], text);
    }
    text_append(text, "]");
}

static void print_value(const Field *field, const void *at, Text *text) {
    switch (field->type) {
    case FIELD_INTEGER:
        if (!*(const int64_t *)at && field->words)
            text_append(text, field->words[0]);
        else
            print_integer(*(const int64_t *)at, text);
        break;
    case FIELD_REAL:
        if (isnan(*(const double *)at) && field->words)
            text_append(text, field->words[0]);
        else
            print_number(*(const double *)at, text);
        break;
    case FIELD_BOOL:
        text_append(text, *(const bool *)at ? "true" : "false");
        break;
    case FIELD_WORD:
        text_append(text, field->words[*(const int *)at]);
        break;
    case FIELD_TEXT:
        yaml_print_text(*(const char *const *)at, text);
        break;
    case FIELD_FEATURES:
        print_features(at, text);
        break;
    case FIELD_CADENCE:
        print_cadence(at, text);
        break;
    case FIELD_CHOICE:
        choice_print(field->table, at, text);
        break;
    case FIELD_CHOICES:
        print_choices(field->table, at, text);
        break;
    case FIELD_TREE:
        yaml_print(*(const Yaml *const *)at, text);
        break;
    }
}

void fields_print(const Field *fields, int n_fields, const void *settings, Text *text) {
    bool is_first = true;
    for (int i = 0; i < n_fields; i++) {
        const void *at = (const char *)settings + fields[i].offset;
        if (fields[i].type == FIELD_TREE && !*(const Yaml *const *)at)
            continue;
        text_append(text, is_first ? "" : ", ");
        text_append(text, fields[i].name);
        text_append(text, ": ");
        print_value(&fields[i], at, text);
        is_first = false;
    }
}

/* Two values are the same where their texts are. */
static bool is_at_fallback(const Field *field, const void *at) {
    Arena arena = {0};
    Text given = {0}, without = {0};
    const void *fallback = field_fallback(field, &arena);
    bool is_same = false;
    if (fallback) {
        print_value(field, at, &given);
        print_value(field, fallback, &without);
        is_same = strcmp(text_of(&given), text_of(&without)) == 0;
    }
    text_release(&given);
    text_release(&without);
    arena_release(&arena);
    return is_same;
}

void fields_print_brief(const Field *fields, int n_fields, const void *settings, Text *text) {
    for (int i = 0; i < n_fields; i++) {
        const void *at = (const char *)settings + fields[i].offset;
        bool is_choice = fields[i].type == FIELD_CHOICE;
        if ((fields[i].type == FIELD_TREE && !*(const Yaml *const *)at) ||
            (!is_choice && is_at_fallback(&fields[i], at)))
            continue;
        text_append(text, fields[i].name);
        text_append(text, ": ");
        if (is_choice)
            choice_print_brief(fields[i].table, at, text);
        else
            print_value(&fields[i], at, text);
        text_append(text, ", ");
    }
}

/* " in [0, 1]", " > 0", or nothing. */
static void describe_range(const Field *field, Text *text) {
    char low[32], high[32];
    bool has_minimum = field_has_minimum(field), has_maximum = field_has_maximum(field);
    text_number(low, field->minimum);
    text_number(high, field->maximum);
    if (has_minimum && has_maximum)
        text_add(text, " in %c%s, %s]", field->is_open ? '(' : '[', low, high);
    else if (has_minimum)
        text_add(text, " %s %s", field->is_open ? ">" : ">=", low);
    else if (has_maximum)
        text_add(text, " <= %s", high);
}

static void describe_words(const Field *field, const char *between, Text *text) {
    for (int i = 0; i < field_word_count(field); i++)
        text_add(text, "%s%s", i ? between : "", field->words[i]);
}

static void describe_features(const Field *field, Text *text) {
    static const struct {
        FeatureForm form;
        const char *text;
    } forms[] = {{FORM_SCALAR, "number"},
                 {FORM_LIST, "list"},
                 {FORM_FIRST_REST, "{first, rest}"},
                 {FORM_DECAY, "{decay}"},
                 {FORM_LAST, "{last}"}};
    const char *between = "";
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (field->forms & forms[i].form) {
            text_add(text, "%s%s", between, forms[i].text);
            between = " | ";
        }
    if (field_has_minimum(field) || field_has_maximum(field))
        text_append(text, ", each");
    describe_range(field, text);
    if (field->forms & FORM_ZIPF)
        text_add(text, "%s{zipf, active}, each >= 0", between);
}

void field_describe(const Field *field, Text *text) {
    switch (field->type) {
    case FIELD_INTEGER:
    case FIELD_REAL:
        text_append(text, field->type == FIELD_INTEGER ? "integer" : "number");
        describe_range(field, text);
        text_append(text, field->words ? " | " : "");
        describe_words(field, " | ", text);
        break;
    case FIELD_BOOL:
        text_append(text, "true or false");
        break;
    case FIELD_WORD:
        text_append(text, "one of ");
        describe_words(field, ", ", text);
        break;
    case FIELD_TEXT:
        text_append(text, "text");
        break;
    case FIELD_FEATURES:
        describe_features(field, text);
        break;
    case FIELD_CADENCE:
        text_append(text, "none | {every: steps} | {log: n} | {linear: n}, with n >= 1");
        break;
    case FIELD_CHOICE:
        text_append(text, "one of ");
        kind_names_print(field->table, text);
        break;
    case FIELD_CHOICES:
        text_append(text, "a list of ");
        kind_names_print(field->table, text);
        break;
    case FIELD_TREE:
        text_append(text, "any value");
        break;
    }
}
