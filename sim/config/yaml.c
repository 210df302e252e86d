/* Reading: libyaml's events become nodes by recursive descent, which stops at the depth limit
 * before libyaml gets slow.
 *
 * An alias shares its anchor's node, so a tree never grows in memory by aliases; but whoever walks
 * it meets every copy, so the nodes that aliases add are counted, and so is the depth below them.
 * What leaves a readable tree (a duplicate key, a tag) is a problem and reading goes on, so that
 * the rest of the file is checked too; what does not (syntax, limits) ends it. */
#include "sim/config/yaml.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { MAX_DEPTH = 64, MAX_ALIAS_NODES = 100000, MAX_NODES = 1000000 };

typedef struct Anchor {
    const char *name;
    const Yaml *node; /* NULL while it is being read */
    int64_t n_nodes;
    int height;
} Anchor;

/* A node as read, with what it costs to walk it. */
typedef struct Branch {
    const Yaml *node;
    int64_t n_nodes;
    int height; /* levels below and with it */
} Branch;

typedef struct Reader {
    yaml_parser_t parser;
    Place place; /* where line 0: of everything, else only its file counts */
    const char *text;
    size_t n_text;
    Arena *arena;
    Problems *problems;
    Anchor *anchors;
    int n_anchors, anchor_capacity;
    YamlPair *stack; /* children read so far of all open nodes */
    int n_stack, stack_capacity;
    int64_t n_nodes, n_alias_nodes;
} Reader;

static bool read_node(Reader *reader, const yaml_event_t *event, int depth, Branch *branch);

static Place place_at(const Reader *reader, yaml_mark_t mark) {
    if (!reader->place.line)
        return reader->place;
    return (Place){reader->place.file, (int)mark.line + 1, (int)mark.column + 1};
}

/* Whether the character at a mark is a tab: libyaml's words for that do not say so. */
static bool is_tab_at(const Reader *reader, yaml_mark_t mark) {
    const char *at = reader->text, *end = reader->text + reader->n_text;
    for (size_t line = 0; line < mark.line && at < end; line++) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        at = feed ? feed + 1 : end;
    }
    for (size_t column = 0; column < mark.column && at < end; column++) {
        at++;
        while (at < end && ((unsigned char)*at & 0xC0) == 0x80)
            at++;
    }
    return at < end && *at == '\t';
}

/* libyaml's reader knows the byte where the text is no UTF-8, but not its line. */
static Place place_of_byte(const Reader *reader, size_t offset) {
    Place place = reader->place;
    for (size_t i = 0; i < offset && i < reader->n_text && place.line; i++) {
        if (reader->text[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if (((unsigned char)reader->text[i] & 0xC0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

static bool fail_syntax(Reader *reader) {
    const yaml_parser_t *parser = &reader->parser;
    const char *what = parser->problem ? parser->problem : "not enough memory";
    if (parser->error == YAML_READER_ERROR)
        problem_add(reader->problems, place_of_byte(reader, parser->problem_offset), "not YAML: %s",
                    what);
    else if (is_tab_at(reader, parser->problem_mark))
        problem_add(reader->problems, place_at(reader, parser->problem_mark),
                    "not YAML: a tab; lines are indented with spaces");
    else
        problem_add(reader->problems, place_at(reader, parser->problem_mark), "not YAML: %s%s%s",
                    what, parser->context ? " " : "", parser->context ? parser->context : "");
    return false;
}

static bool next_event(Reader *reader, yaml_event_t *event) {
    return yaml_parser_parse(&reader->parser, event) || fail_syntax(reader);
}

static void push(Reader *reader, YamlPair child) {
    if (reader->n_stack == reader->stack_capacity) {
        reader->stack_capacity = reader->stack_capacity ? reader->stack_capacity * 2 : 64;
        reader->stack = realloc(reader->stack, (size_t)reader->stack_capacity * sizeof child);
        if (!reader->stack)
            abort();
    }
    reader->stack[reader->n_stack++] = child;
}

/* The latest of that name counts: YAML lets an anchor be set anew. */
static Anchor *find_anchor(const Reader *reader, const char *name) {
    for (int i = reader->n_anchors - 1; i >= 0; i--)
        if (strcmp(reader->anchors[i].name, name) == 0)
            return &reader->anchors[i];
    return NULL;
}

/* Returns its index, -1 where there is no anchor. */
static int open_anchor(Reader *reader, const yaml_char_t *name) {
    if (!name)
        return -1;
    if (reader->n_anchors == reader->anchor_capacity) {
        reader->anchor_capacity = reader->anchor_capacity ? reader->anchor_capacity * 2 : 8;
        reader->anchors =
            realloc(reader->anchors, (size_t)reader->anchor_capacity * sizeof(Anchor));
        if (!reader->anchors)
            abort();
    }
    reader->anchors[reader->n_anchors] =
        (Anchor){.name = arena_copy(reader->arena, (const char *)name)};
    return reader->n_anchors++;
}

static void close_anchor(Reader *reader, int index, const Branch *branch) {
    if (index < 0)
        return;
    reader->anchors[index].node = branch->node;
    reader->anchors[index].n_nodes = branch->n_nodes;
    reader->anchors[index].height = branch->height;
}

static void refuse_tag(Reader *reader, const yaml_char_t *tag, yaml_mark_t mark) {
    if (tag)
        problem_add(reader->problems, place_at(reader, mark), "tags are not used here: %s",
                    (const char *)tag);
}

static bool read_alias(Reader *reader, const yaml_event_t *event, int depth, Branch *branch) {
    const char *name = (const char *)event->data.alias.anchor;
    Place place = place_at(reader, event->start_mark);
    const Anchor *anchor = find_anchor(reader, name);
    if (!anchor || !anchor->node) {
        problem_add(reader->problems, place,
                    anchor ? "alias *%s lies inside its own anchor" : "no anchor &%s before *%s",
                    name, name);
        return false;
    }
    reader->n_alias_nodes += anchor->n_nodes;
    if (reader->n_alias_nodes > MAX_ALIAS_NODES) {
        problem_add(reader->problems, place, "aliases blow the file up beyond %d values",
                    MAX_ALIAS_NODES);
        return false;
    }
    if (depth + anchor->height > MAX_DEPTH) {
        problem_add(reader->problems, place, "nested deeper than %d", MAX_DEPTH);
        return false;
    }
    *branch = (Branch){anchor->node, anchor->n_nodes, anchor->height};
    return true;
}

static bool read_scalar(Reader *reader, const yaml_event_t *event, Branch *branch) {
    const char *value = (const char *)event->data.scalar.value;
    Place place = place_at(reader, event->start_mark);
    refuse_tag(reader, event->data.scalar.tag, event->start_mark);
    if (strlen(value) != event->data.scalar.length) {
        problem_add(reader->problems, place, "a text holds a zero byte");
        return false;
    }
    int anchor = open_anchor(reader, event->data.scalar.anchor);
    Yaml *node = ARENA_NEW(reader->arena, Yaml, 1);
    *node = (Yaml){.type = YAML_SCALAR,
                   .place = place,
                   .text = arena_copy(reader->arena, value),
                   .is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE};
    *branch = (Branch){node, 1, 1};
    close_anchor(reader, anchor, branch);
    return true;
}

/* Reads the next node as a child of `parent` onto the stack. */
static bool read_child(Reader *reader, const yaml_event_t *event, int depth, const char *key,
                       Place key_place, Branch *parent) {
    Branch child;
    if (!read_node(reader, event, depth + 1, &child))
        return false;
    push(reader, (YamlPair){key, key_place, child.node});
    parent->n_nodes += child.n_nodes;
    if (parent->height <= child.height)
        parent->height = child.height + 1;
    return true;
}

static bool read_items(Reader *reader, int depth, Branch *branch) {
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return false;
        bool is_end = event.type == YAML_SEQUENCE_END_EVENT;
        bool is_read =
            is_end || read_child(reader, &event, depth, NULL, (Place){.line = 0}, branch);
        yaml_event_delete(&event);
        if (!is_read || is_end)
            return is_read;
    }
}

/* The key of a pair; fails where it is no text. */
static bool read_key(Reader *reader, const yaml_event_t *event, const char **key) {
    Place place = place_at(reader, event->start_mark);
    const char *text =
        event->type == YAML_SCALAR_EVENT ? (const char *)event->data.scalar.value : "";
    if (event->type != YAML_SCALAR_EVENT || !*text || strlen(text) != event->data.scalar.length) {
        problem_add(reader->problems, place, "a key must be a plain text");
        return false;
    }
    Branch unused;
    read_scalar(reader, event, &unused);
    *key = unused.node->text;
    return true;
}

static bool read_pairs(Reader *reader, int depth, Branch *branch) {
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return false;
        bool is_end = event.type == YAML_MAPPING_END_EVENT;
        const char *key = NULL;
        bool is_read = is_end || read_key(reader, &event, &key);
        Place place = place_at(reader, event.start_mark);
        yaml_event_delete(&event);
        if (!is_read || is_end)
            return is_read;
        if (!next_event(reader, &event))
            return false;
        is_read = read_child(reader, &event, depth, key, place, branch);
        yaml_event_delete(&event);
        if (!is_read)
            return false;
    }
}

/* Moves what was pushed since `start` into the node. */
static void take_children(Reader *reader, Yaml *node, int start) {
    int n = reader->n_stack - start;
    const YamlPair *children = n ? reader->stack + start : NULL;
    reader->n_stack = start;
    if (node->type == YAML_LIST) {
        const Yaml **items = ARENA_NEW(reader->arena, const Yaml *, n);
        for (int i = 0; i < n; i++)
            items[i] = children[i].value;
        node->items = items;
        node->n = n;
    } else {
        YamlPair *pairs = ARENA_NEW(reader->arena, YamlPair, n);
        if (n)
            memcpy(pairs, children, (size_t)n * sizeof *pairs);
        node->n = yaml_drop_duplicates(pairs, n, reader->problems);
        node->pairs = pairs;
    }
}

static bool read_collection(Reader *reader, const yaml_event_t *event, int depth, Branch *branch) {
    bool is_list = event->type == YAML_SEQUENCE_START_EVENT;
    refuse_tag(reader, is_list ? event->data.sequence_start.tag : event->data.mapping_start.tag,
               event->start_mark);
    int anchor = open_anchor(reader, is_list ? event->data.sequence_start.anchor
                                             : event->data.mapping_start.anchor);
    Yaml *node = ARENA_NEW(reader->arena, Yaml, 1);
    *node = (Yaml){.type = is_list ? YAML_LIST : YAML_MAP,
                   .place = place_at(reader, event->start_mark)};
    *branch = (Branch){node, 1, 1};
    int start = reader->n_stack;
    if (!(is_list ? read_items : read_pairs)(reader, depth, branch))
        return false;
    take_children(reader, node, start);
    close_anchor(reader, anchor, branch);
    return true;
}

static bool read_node(Reader *reader, const yaml_event_t *event, int depth, Branch *branch) {
    Place place = place_at(reader, event->start_mark);
    if (depth > MAX_DEPTH) {
        problem_add(reader->problems, place, "nested deeper than %d", MAX_DEPTH);
        return false;
    }
    if (++reader->n_nodes > MAX_NODES) {
        problem_add(reader->problems, place, "more than %d values", MAX_NODES);
        return false;
    }
    if (event->type == YAML_ALIAS_EVENT)
        return read_alias(reader, event, depth - 1, branch);
    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(reader, event, branch);
    return read_collection(reader, event, depth, branch);
}

/* After the first document only the end may come. */
static bool read_end(Reader *reader) {
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return false;
        yaml_event_type_t type = event.type;
        Place place = place_at(reader, event.start_mark);
        yaml_event_delete(&event);
        if (type == YAML_STREAM_END_EVENT)
            return true;
        if (type == YAML_DOCUMENT_START_EVENT) {
            problem_add(reader->problems, place, "a second document: a config is one");
            return false;
        }
    }
}

/* The first document; NULL with *is_empty where there is none. */
static const Yaml *read_document(Reader *reader, bool *is_empty) {
    *is_empty = false;
    while (!*is_empty) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return NULL;
        yaml_event_type_t type = event.type;
        Branch branch = {NULL, 0, 0};
        *is_empty = type == YAML_STREAM_END_EVENT;
        bool is_node =
            !*is_empty && type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT;
        bool is_read = is_node && read_node(reader, &event, 1, &branch);
        yaml_event_delete(&event);
        if (is_node)
            return is_read && read_end(reader) ? branch.node : NULL;
    }
    return NULL;
}

static const Yaml *parse(Place place, const char *text, size_t n, Arena *arena, Problems *problems,
                         bool *is_empty) {
    Reader reader = {
        .place = place, .text = text, .n_text = n, .arena = arena, .problems = problems};
    if (!yaml_parser_initialize(&reader.parser))
        abort();
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, n);
    const Yaml *root = read_document(&reader, is_empty);
    yaml_parser_delete(&reader.parser);
    free(reader.stack);
    free(reader.anchors);
    return root;
}

const Yaml *yaml_parse(const char *name, const char *text, size_t n, Arena *arena,
                       Problems *problems) {
    Place place = {arena_copy(arena, name), 1, 1};
    bool is_empty;
    const Yaml *root = parse(place, text, n, arena, problems, &is_empty);
    if (!is_empty)
        return root;
    Yaml *empty = ARENA_NEW(arena, Yaml, 1);
    *empty = (Yaml){.type = YAML_MAP, .place = place};
    return empty;
}

const Yaml *yaml_parse_at(Place place, const char *text, Arena *arena, Problems *problems) {
    bool is_empty;
    place.line = place.column = 0;
    const Yaml *root = parse(place, text, strlen(text), arena, problems, &is_empty);
    return is_empty ? yaml_scalar("", place, arena) : root;
}
