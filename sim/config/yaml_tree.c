/* Trees once they are read: finding, editing by sharing, scalars as numbers. A map's pairs are
 * searched in order: configs are small, and order is what people see. */
#include "sim/config/yaml.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const Yaml yaml_refused = {.type = YAML_SCALAR, .text = ""};

static const YamlPair *find_pair(const Yaml *map, const char *key, size_t n_key) {
    if (!map || map->type != YAML_MAP)
        return NULL;
    for (int i = 0; i < map->n; i++)
        if (strncmp(map->pairs[i].key, key, n_key) == 0 && !map->pairs[i].key[n_key])
            return &map->pairs[i];
    return NULL;
}

const Yaml *yaml_get(const Yaml *map, const char *key) {
    const YamlPair *pair = find_pair(map, key, strlen(key));
    return pair ? pair->value : NULL;
}

const Yaml *yaml_find(const Yaml *root, const char *path) {
    for (;;) {
        size_t n = strcspn(path, ".");
        const YamlPair *pair = find_pair(root, path, n);
        if (!pair || !path[n])
            return pair ? pair->value : NULL;
        root = pair->value;
        path += n + 1;
    }
}

static const Yaml *new_map(const YamlPair *pairs, int n, Place place, Arena *arena) {
    Yaml *map = ARENA_NEW(arena, Yaml, 1);
    *map = (Yaml){.type = YAML_MAP, .place = place, .n = n, .pairs = pairs};
    return map;
}

/* The node as a map: a bare word in its long form, nothing as an empty map. */
static const Yaml *as_map(const Yaml *node, Place place, Arena *arena) {
    if (node && node->type == YAML_MAP)
        return node;
    if (!node || node->type != YAML_SCALAR || yaml_is_empty(node))
        return new_map(NULL, 0, place, arena);
    YamlPair *pair = ARENA_NEW(arena, YamlPair, 1);
    *pair = (YamlPair){"kind", node->place, node};
    return new_map(pair, 1, node->place, arena);
}

const Yaml *yaml_set(const Yaml *root, const char *path, const Yaml *value, Place place,
                     Arena *arena) {
    size_t n_key = strcspn(path, ".");
    const Yaml *map = as_map(root, place, arena);
    const YamlPair *old = find_pair(map, path, n_key);
    if (path[n_key] && (old || value))
        value = yaml_set(old ? old->value : NULL, path + n_key + 1, value, place, arena);
    if (!old && !value)
        return map;
    YamlPair *pairs = ARENA_NEW(arena, YamlPair, map->n + 1);
    int n = 0;
    for (int i = 0; i < map->n; i++) {
        const YamlPair *pair = &map->pairs[i];
        if (pair != old)
            pairs[n++] = *pair;
        else if (value)
            pairs[n++] = (YamlPair){pair->key, path[n_key] ? pair->place : place, value};
    }
    if (!old) {
        char *key = ARENA_NEW(arena, char, n_key + 1);
        memcpy(key, path, n_key);
        pairs[n++] = (YamlPair){key, place, value};
    }
    return new_map(pairs, n, map->place, arena);
}

const Yaml *yaml_merge(const Yaml *under, const Yaml *over, int depth, Arena *arena) {
    if (depth < 1 || under->type != YAML_MAP || over->type != YAML_MAP)
        return over;
    YamlPair *pairs = ARENA_NEW(arena, YamlPair, under->n + over->n);
    int n = 0;
    for (int i = 0; i < under->n; i++) {
        const YamlPair *pair = &under->pairs[i];
        const YamlPair *new = find_pair(over, pair->key, strlen(pair->key));
        pairs[n++] = *pair;
        if (new)
            pairs[n - 1] = (YamlPair){pair->key, new->place,
                                      yaml_merge(pair->value, new->value, depth - 1, arena)};
    }
    for (int i = 0; i < over->n; i++)
        if (!yaml_get(under, over->pairs[i].key))
            pairs[n++] = over->pairs[i];
    return new_map(pairs, n, over->place, arena);
}

const Yaml *yaml_scalar(const char *text, Place place, Arena *arena) {
    Yaml *node = ARENA_NEW(arena, Yaml, 1);
    *node = (Yaml){.type = YAML_SCALAR, .place = place, .text = arena_copy(arena, text)};
    return node;
}

bool yaml_is_empty(const Yaml *node) {
    return node->type == YAML_SCALAR && !node->is_quoted &&
           (!*node->text || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

static const char *skip_digits(const char *at) {
    while (*at >= '0' && *at <= '9')
        at++;
    return at;
}

/* [+-]? (digits [. digits?] | . digits) ([eE] [+-]? digits)? and nothing else. */
static bool is_decimal(const char *text, bool *is_whole) {
    text += *text == '+' || *text == '-';
    const char *digits = skip_digits(text), *end = digits;
    *is_whole = digits > text && !*digits;
    if (*end == '.')
        end = skip_digits(end + 1);
    if (end - text == (end > digits)) /* no digit on either side of the point */
        return false;
    if (*end == 'e' || *end == 'E') {
        end += 1 + (end[1] == '+' || end[1] == '-');
        const char *exponent = end;
        end = skip_digits(end);
        if (end == exponent)
            return false;
    }
    return !*end;
}

bool yaml_is_real(const Yaml *node, double *value) {
    bool is_whole;
    if (node->type != YAML_SCALAR || node->is_quoted || !is_decimal(node->text, &is_whole))
        return false;
    *value = strtod(node->text, NULL);
    return isfinite(*value);
}

bool yaml_is_integer(const Yaml *node, long long *value) {
    bool is_whole;
    if (node->type != YAML_SCALAR || node->is_quoted || !is_decimal(node->text, &is_whole))
        return false;
    if (is_whole) {
        *value = strtoll(node->text, NULL, 10);
        double near = strtod(node->text, NULL); /* strtoll stops at its ends */
        return fabs(near) < 0x1p63;
    }
    double real = strtod(node->text, NULL);
    if (!(fabs(real) <= 0x1p53) || real != floor(real))
        return false;
    *value = (long long)real;
    return true;
}

bool yaml_is_bool(const Yaml *node, bool *value) {
    if (node->type != YAML_SCALAR || node->is_quoted)
        return false;
    *value = strcmp(node->text, "true") == 0;
    return *value || strcmp(node->text, "false") == 0;
}

static int compare_pairs(const void *a, const void *b) {
    const YamlPair *left = *(YamlPair *const *)a, *right = *(YamlPair *const *)b;
    int order = strcmp(left->key, right->key);
    return order ? order : (left > right) - (left < right);
}

static void refuse_duplicate(Problems *problems, const YamlPair *pair, const YamlPair *first) {
    if (first->place.line)
        problem_add(problems, pair->place, "duplicate key \"%s\", first in line %d", pair->key,
                    first->place.line);
    else
        problem_add(problems, pair->place, "duplicate key \"%s\"", pair->key);
}

int yaml_drop_duplicates(YamlPair *pairs, int n, Problems *problems) {
    YamlPair **sorted = malloc((size_t)(n + 1) * sizeof *sorted);
    if (!sorted)
        abort();
    for (int i = 0; i < n; i++)
        sorted[i] = &pairs[i];
    qsort(sorted, (size_t)n, sizeof *sorted, compare_pairs);
    for (int i = 1, first = 0; i < n; i++) {
        if (strcmp(sorted[first]->key, sorted[i]->key) != 0) {
            first = i;
            continue;
        }
        refuse_duplicate(problems, sorted[i], sorted[first]);
        sorted[i]->value = NULL;
    }
    free(sorted);
    int n_left = 0;
    for (int i = 0; i < n; i++)
        if (pairs[i].value)
            pairs[n_left++] = pairs[i];
    return n_left;
}
