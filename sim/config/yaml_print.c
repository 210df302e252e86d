/* Printing a tree in flow form, on one line. A text stays plain only where no reader of YAML could
 * take it for anything else; otherwise it is double-quoted, with escapes for what YAML does not
 * allow raw. */
#include "sim/config/yaml.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("_.+-/", c));
}

/* Whether a text may stand without quotes anywhere in flow form. */
static bool is_plain(const char *text) {
    if (!*text || strncmp(text, "---", 3) == 0 || strncmp(text, "...", 3) == 0 ||
        strcmp(text, "-") == 0)
        return false;
    for (const char *at = text; *at; at++) {
        bool is_inner = at > text && at[1];
        if (!is_word_character(*at) && !(is_inner && *at == ' ' && at[-1] != ' ') &&
            !(is_inner && *at == '#' && at[-1] != ' '))
            return false;
    }
    return text[0] != '-' || text[1] != ' ';
}

/* Whether plain, it would be read as something else than a text. */
static bool is_special(const char *text) {
    Yaml node = {.type = YAML_SCALAR, .text = text};
    double real;
    bool truth;
    return yaml_is_empty(&node) || yaml_is_real(&node, &real) || yaml_is_bool(&node, &truth);
}

/* Decodes one character of valid UTF-8 and returns its length. */
static int decode(const char *at, uint32_t *code) {
    const unsigned char *byte = (const unsigned char *)at;
    int n = byte[0] < 0x80 ? 1 : byte[0] < 0xE0 ? 2 : byte[0] < 0xF0 ? 3 : 4;
    *code = n == 1 ? byte[0] : byte[0] & (0xFFu >> (n + 1));
    for (int i = 1; i < n; i++) {
        if ((byte[i] & 0xC0) != 0x80)
            return i;
        *code = *code << 6 | (byte[i] & 0x3Fu);
    }
    return n;
}

/* What YAML allows inside quotes as it is, and does not fold. */
static bool is_raw(uint32_t code) {
    if (code < 0x7F)
        return code >= 0x20 && code != '"' && code != '\\';
    return code >= 0xA0 && (code < 0xD800 || code >= 0xE000) && code != 0x2028 && code != 0x2029 &&
           code != 0xFEFF && code != 0xFFFE && code != 0xFFFF;
}

static void print_quoted(const char *at, Text *text) {
    text_append(text, "\"");
    while (*at) {
        uint32_t code;
        int n = decode(at, &code);
        if (is_raw(code))
            text_add(text, "%.*s", n, at);
        else if (code == '"' || code == '\\')
            text_add(text, "\\%c", (int)code);
        else if (code == '\n')
            text_append(text, "\\n");
        else
            text_add(text, code < 0x100 ? "\\x%02X" : "\\u%04X", code);
        at += n;
    }
    text_append(text, "\"");
}

static void print_text(const char *value, bool is_quoted, Text *text) {
    if (is_plain(value) && !(is_quoted && is_special(value)))
        text_append(text, value);
    else if (!is_quoted && !*value)
        text_append(text, "null");
    else
        print_quoted(value, text);
}

void yaml_print_text(const char *value, Text *text) {
    print_text(value, true, text);
}

void yaml_print(const Yaml *node, Text *text) {
    if (node->type == YAML_SCALAR) {
        if (!node->is_quoted && strcmp(node->text, "~") == 0)
            text_append(text, "null");
        else
            print_text(node->text, node->is_quoted, text);
        return;
    }
    text_append(text, node->type == YAML_LIST ? "[" : "{");
    for (int i = 0; i < node->n; i++) {
        text_append(text, i ? ", " : "");
        if (node->type == YAML_MAP) {
            yaml_print_text(node->pairs[i].key, text);
            text_append(text, ": ");
        }
        yaml_print(node->type == YAML_MAP ? node->pairs[i].value : node->items[i], text);
    }
    text_append(text, node->type == YAML_LIST ? "]" : "}");
}

bool yaml_same(const Yaml *a, const Yaml *b) {
    double first, second;
    if (yaml_is_real(a, &first) && yaml_is_real(b, &second))
        return fabs(first - second) <= 1e-9 * fmax(fabs(first), fabs(second));
    Text left = {0}, right = {0};
    yaml_print(a, &left);
    yaml_print(b, &right);
    bool is_same = strcmp(text_of(&left), text_of(&right)) == 0;
    text_release(&left);
    text_release(&right);
    return is_same;
}

const char *yaml_describe(const Yaml *node, Arena *arena) {
    enum { LONGEST = 60 };
    if (node->type != YAML_SCALAR)
        return node->type == YAML_LIST ? "a list" : "a map";
    if (yaml_is_empty(node))
        return "nothing";
    Text text = {0};
    yaml_print(node, &text);
    size_t n = LONGEST;
    while (text.n > n && ((unsigned char)text.data[n] & 0xC0) == 0x80)
        n--;
    const char *words = arena_print(arena, text.n > n ? "%.*s…" : "%.*s",
                                    (int)(text.n > n ? n : text.n), text.data);
    text_release(&text);
    return words;
}
