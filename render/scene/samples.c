/* One input on its way through the model: x, its hidden code h, what each part of the code adds to
 * each output (a feature's own block, and those of others, which interfere), and the output y'
 * beside what it should be. Colours are those of the parts in all rows; sentences say what is to be
 * seen. */
#include "render/draw/label.h"
#include "render/panel/bars.h"
#include "render/scene/sample_words.h"

#include <math.h>
#include <stdlib.h>

enum { N_ROWS = 4, MOST_COLORS = 5 };
static const double head = 24, gap = 12, left = 40, least_pitch = 12, chosen_pitch = 26,
                    wide_pitch = 14, most_pitch = 110, left_share = 0.6, least_told = 760,
                    least_height = 300; /* below, there is no room for all */

typedef enum RowKind { ROW_INPUT, ROW_HIDDEN, ROW_PARTS, ROW_OUTPUT } RowKind;

enum { PART_NONE = -2, PART_BIAS = -1 };

typedef struct Row {
    BarsPanel panel;
    Rect rect;
    Bar *bars;
    int *parts; /* [panel.n_bars]: a bar's part, or PART_… */
} Row;

typedef struct Content {
    Sample sample;
    const int *columns; /* [n_columns]: which features are shown */
    int n_columns;
    Row rows[N_ROWS];
    int first_row;  /* where there is no room for all: ROW_PARTS */
    bool is_narrow; /* labels are short */
    const char *title, *words[SAMPLE_WORDS];
    Rect words_rect; /* no height: no room */
} Content;

static const char *refuses(const SceneInput *input) {
    Sample sample;
    return input->moment < 0 || sample_of(input, &sample) ? NULL : "no memory to draw a sample";
}

/* ---- which features ---- */

typedef struct Ranked {
    double rank; /* the less, the sooner */
    int feature;
} Ranked;

static int by_rank(const void *a, const void *b) {
    const Ranked *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->feature > y->feature) - (x->feature < y->feature);
}

/* All in their order where they fit; else active ones, then those whose output is most wrong. */
static void choose_columns(Content *content, double width, Arena *arena) {
    const Sample *sample = &content->sample;
    bool fits = least_pitch * sample->model->n_features <= width;
    int most = (int)fmax(width / (fits ? least_pitch : chosen_pitch), 1);
    int n = sample->model->n_features, *columns = ARENA_NEW(arena, int, n);
    Ranked *ranked = ARENA_NEW(arena, Ranked, n);
    for (int i = 0; i < n; i++) {
        double error = fabs((double)sample->out[i] - (double)sample->y[i]);
        ranked[i] = (Ranked){fits ? 0 : sample->x[i] != 0 ? -HUGE_VAL : -error, i};
    }
    qsort(ranked, (size_t)n, sizeof *ranked, by_rank);
    content->n_columns = n < most ? n : most;
    for (int c = 0; c < content->n_columns; c++)
        columns[c] = ranked[c].feature;
    content->columns = columns;
}

/* ---- bars ---- */

static void add(Row *row, int part, Bar bar) {
    row->parts[row->panel.n_bars] = part;
    row->bars[row->panel.n_bars++] = bar;
}

static Row row_of(const char *label, int n_columns, int most_bars, Arena *arena) {
    Row row = {.panel = {.label = label, .n_columns = n_columns, .left = left, .selected = -1},
               .bars = ARENA_NEW(arena, Bar, most_bars),
               .parts = ARENA_NEW(arena, int, most_bars)};
    row.panel.bars = row.bars;
    return row;
}

/* The first parts have colours of their own, which are not that of errors. Where one is selected
 * the others step back. */
static Color part_color(const SceneInput *input, const Sample *sample, int part,
                        const Style *style) {
    static const int categories[MOST_COLORS] = {0, 2, 3, 5, 4};
    if (part < 0 || part >= MOST_COLORS)
        return style_tint(style, style->muted, part == PART_BIAS ? 0.35 : 0.7);
    bool is_back = false;
    for (int p = 0; sample->by_feature && p < sample->n_parts && p < MOST_COLORS; p++)
        is_back |= sample->parts[p] == input->selected && p != part;
    return style_tint(style, style_category(style, categories[part]), is_back ? 0.3 : 1);
}

/* Which part a feature (or a neuron) is. */
static int part_of(const Sample *sample, int number) {
    for (int p = 0; p < sample->n_parts; p++)
        if (sample->parts[p] == number)
            return p;
    return PART_NONE;
}

/* Positive ones upwards, negative ones downwards. */
static void stack(Row *row, int column, int part, double value, Color color, double ends[2]) {
    double *end = &ends[value < 0];
    if (value == 0)
        return;
    add(row, part, (Bar){column, *end, *end + value, color, BAR_SOLID, 0.15, 0.8});
    *end += value;
}

static void add_tick(Row *row, int column, double value, const Style *style) {
    add(row, PART_NONE, (Bar){column, value, value, style->ink, BAR_TICK, 0.08, 0.87});
}

static Row input_row(const SceneInput *input, const Content *content, const Style *style) {
    const Sample *sample = &content->sample;
    Row row =
        row_of("<b>1</b>  input <i>x</i>", content->n_columns, content->n_columns, input->arena);
    for (int c = 0; c < content->n_columns; c++) {
        int i = content->columns[c], part = sample->by_feature ? part_of(sample, i) : PART_NONE;
        add(&row, part,
            (Bar){c, 0, (double)sample->x[i], part_color(input, sample, part, style), BAR_SOLID,
                  0.15, 0.8});
    }
    return row;
}

/* A linear code is the sum of the directions of the active features. */
static Row hidden_row(const SceneInput *input, const Content *content, const Style *style) {
    const Sample *sample = &content->sample;
    int m = sample->model->n_hidden;
    bool is_told = sample->by_feature && !content->is_narrow;
    Row row = row_of(is_told ? "<b>2</b>  hidden code <i>h</i>, the sum of directions"
                             : "<b>2</b>  hidden code <i>h</i>",
                     m, m * (sample->n_parts + 2), input->arena);
    for (int k = 0; k < m; k++) {
        double ends[2] = {0, 0};
        if (!sample->by_feature) {
            int part = part_of(sample, k);
            stack(&row, k, part, (double)sample->h[k], part_color(input, sample, part, style),
                  ends);
            continue;
        }
        for (int p = 0; p < sample->n_parts; p++)
            stack(&row, k, p, sample_gives(sample, p, k), part_color(input, sample, p, style),
                  ends);
        if (sample->model->b_hidden)
            stack(&row, k, PART_BIAS, (double)sample->model->b_hidden[k],
                  part_color(input, sample, PART_BIAS, style), ends);
        add_tick(&row, k, (double)sample->h[k], style);
    }
    return row;
}

static Row output_row(const SceneInput *input, const Content *content, const Style *style) {
    const Sample *sample = &content->sample;
    int n = content->n_columns;
    const char *label = arena_print(
        input->arena,
        "<b>4</b>  output <i>y</i>′, <span foreground=\"#%06x\">its error</span>,"
        " outlined: %s",
        (unsigned)(lround(255 * style->broken.red) << 16 | lround(255 * style->broken.green) << 8 |
                   lround(255 * style->broken.blue)),
        content->is_narrow ? "wanted" : "what it should be");
    Row row = row_of(label, n, 3 * n, input->arena);
    for (int c = 0; c < n; c++) {
        int i = content->columns[c], part = sample->by_feature ? part_of(sample, i) : PART_NONE;
        double y = (double)sample->y[i], out = (double)sample->out[i];
        add(&row, part,
            (Bar){c, 0, out, part_color(input, sample, part, style), BAR_SOLID, 0.15, 0.7});
        if (y != 0)
            add(&row, PART_NONE, (Bar){c, 0, y, style->ink, BAR_HOLLOW, 0.15, 0.7});
        add(&row, PART_NONE, (Bar){c, out, y, style->broken, BAR_SOLID, 0.76, 0.88});
    }
    return row;
}

static Row parts_row(const SceneInput *input, const Content *content, const Style *style) {
    const Sample *sample = &content->sample;
    int n = content->n_columns;
    const char *more = content->is_narrow ? ""
                       : sample->by_feature
                           ? ": what each active feature adds; pale: the bias; line: the sum"
                           : ": what each neuron adds; pale: the bias; line: the sum";
    Row row = row_of(arena_print(input->arena, "<b>3</b>  read back%s", more), n,
                     n * (sample->n_parts + 2), input->arena);
    for (int c = 0; c < n; c++) {
        int i = content->columns[c];
        double ends[2] = {0, 0}, bias = sample_bias(sample, i);
        for (int p = 0; p < sample->n_parts; p++)
            stack(&row, c, p, sample_adds(sample, p, i), part_color(input, sample, p, style), ends);
        stack(&row, c, PART_BIAS, bias, part_color(input, sample, PART_BIAS, style), ends);
        add_tick(&row, c, ends[0] + ends[1], style);
    }
    return row;
}

/* ---- layout ---- */

static const char *const *names_of(const int *numbers, int n, Arena *arena) {
    const char **names = ARENA_NEW(arena, const char *, n);
    for (int c = 0; c < n; c++)
        names[c] = arena_print(arena, "%d", numbers ? numbers[c] : c);
    return names;
}

/* As wide as it can be, and in the middle where it is narrower. */
static void place(Row *row, Rect rect) {
    double width = rect.width - left - 8;
    row->panel.pitch = fmin(width / row->panel.n_columns, most_pitch);
    row->rect = rect;
    bars_panel_cover(&row->panel);
}

/* Whether what has columns for features stands at the left, one below the other, and the hidden
 * code at the right. */
static bool is_wide(const Content *content, Rect rect) {
    const Model *model = content->sample.model;
    return content->first_row == ROW_INPUT &&
           left + wide_pitch * model->n_features < left_share * rect.width - gap &&
           left + wide_pitch * model->n_hidden < (1 - left_share) * rect.width - gap;
}

static void place_wide(Content *content, Rect rect) {
    static const int at_left[] = {ROW_INPUT, ROW_PARTS, ROW_OUTPUT};
    static const double shares[] = {0.28, 0.4, 0.32};
    double y = rect.y, room = rect.height - 2 * gap, width = left_share * rect.width - gap;
    for (int r = 0; r < 3; r++) {
        Rect at = {rect.x, y, width, room * shares[r]};
        y += at.height + gap;
        place(&content->rows[at_left[r]], at);
    }
    Rect right = {rect.x + left_share * rect.width + gap, rect.y,
                  (1 - left_share) * rect.width - gap, 0.45 * rect.height};
    place(&content->rows[ROW_HIDDEN], right);
    right.y += right.height + 3 * gap;
    right.height = rect.y + rect.height - right.y;
    content->words_rect = right;
}

static void place_rows(Content *content, Rect rect) {
    static const double shares[N_ROWS] = {1, 1, 1.3, 1.1};
    int first = content->first_row;
    rect.y += head;
    rect.height -= head;
    if (is_wide(content, rect)) {
        place_wide(content, rect);
        return;
    }
    double sum = 0, y = rect.y, room = rect.height - gap * (N_ROWS - 1 - first);
    for (int r = first; r < N_ROWS; r++)
        sum += shares[r];
    for (int r = first; r < N_ROWS; r++) {
        Rect at = {rect.x, y, rect.width, room * shares[r] / sum};
        y += at.height + gap;
        place(&content->rows[r], at);
    }
}

static const char *title_of(const SceneInput *input, const Content *content, double width) {
    const Sample *sample = &content->sample;
    const MetricInput *world = &history_world(input->history, input->step)->input;
    int n = sample->model->n_features, n_hidden = n - content->n_columns;
    const char *rest =
        n_hidden ? arena_print(input->arena, " (%d outputs are not shown)", n_hidden) : "";
    const char *what = width < 500
                           ? ""
                           : arena_print(input->arena,
                                         " Σ<i>I<sub>i</sub></i>|<i>y<sub>i</sub></i> − "
                                         "<i>y</i>′<sub><i>i</i></sub>|<sup>%s</sup> =",
                                         label_number(input->arena, world->loss_exponent, 3));
    return arena_print(input->arena, "<b>Sample %lld</b>   %d of %d %sactive, loss%s %s%s",
                       (long long)input->state->sample, sample->n_active, n,
                       width < 500 ? "" : "features ", what,
                       label_number(input->arena, sample->error, 4), rest);
}

static Content *lay_out(const SceneInput *input, Rect rect, const Style *style) {
    Content *content = ARENA_NEW(input->arena, Content, 1);
    Arena *arena = input->arena;
    if (!sample_of(input, &content->sample))
        return NULL;
    content->first_row = rect.height < least_height ? ROW_PARTS : ROW_INPUT;
    content->is_narrow = rect.width < least_told;
    choose_columns(content, (is_wide(content, rect) ? left_share : 1) * rect.width - left - 8,
                   arena);
    content->rows[ROW_INPUT] = input_row(input, content, style);
    content->rows[ROW_HIDDEN] = hidden_row(input, content, style);
    content->rows[ROW_OUTPUT] = output_row(input, content, style);
    content->rows[ROW_PARTS] = parts_row(input, content, style);
    const char *const *features = names_of(content->columns, content->n_columns, arena);
    for (int r = content->first_row; r < N_ROWS; r++) {
        BarsPanel *panel = &content->rows[r].panel;
        panel->names =
            r == ROW_HIDDEN ? names_of(NULL, content->sample.model->n_hidden, arena) : features;
        for (int c = 0; r != ROW_HIDDEN && c < content->n_columns; c++)
            if (content->columns[c] == input->selected)
                panel->selected = c;
    }
    place_rows(content, rect);
    content->title = title_of(input, content, rect.width);
    sample_words_make(input, &content->sample, content->words);
    return content;
}

static void draw(const SceneInput *input, cairo_t *cairo, Rect rect, const Style *style) {
    const Content *content = lay_out(input, rect, style);
    if (!content)
        return;
    label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, rect.width}, style->ink, rect.x,
               rect.y + 12, content->title);
    for (int r = content->first_row; r < N_ROWS; r++)
        bars_panel_draw(cairo, content->rows[r].rect, &content->rows[r].panel, style);
    if (content->words_rect.height > 0)
        sample_words_draw(cairo, content->words_rect, style, content->words);
}

/* ---- pointing ---- */

static const char *number(const SceneInput *input, double value) {
    return label_number(input->arena, value, 4);
}

/* "feature 3", "neuron 2", "the bias" */
static const char *part_name(const SceneInput *input, const Sample *sample, int part) {
    if (part == PART_BIAS)
        return "the bias";
    return arena_print(input->arena, "%s %d", sample->by_feature ? "feature" : "neuron",
                       sample->parts[part]);
}

static const char *say(const SceneInput *input, const Content *content, RowKind kind, int column,
                       int bar) {
    Arena *arena = input->arena;
    const Sample *sample = &content->sample;
    const Row *row = &content->rows[kind];
    int i = kind == ROW_HIDDEN ? column : content->columns[column];
    int part = bar >= 0 ? row->parts[bar] : PART_NONE;
    const char *adds = "";
    if (part != PART_NONE && (kind == ROW_PARTS || (kind == ROW_HIDDEN && sample->by_feature)))
        adds = arena_print(arena, ": %s adds %s", part_name(input, sample, part),
                           number(input, row->bars[bar].to - row->bars[bar].from));
    if (kind == ROW_INPUT)
        return arena_print(arena, "feature %d: <i>x</i> = %s", i,
                           number(input, (double)sample->x[i]));
    if (kind == ROW_HIDDEN)
        return arena_print(arena, "<i>h</i><sub>%d</sub> = %s%s", i,
                           number(input, (double)sample->h[i]), adds);
    double y = (double)sample->y[i], out = (double)sample->out[i];
    if (kind == ROW_OUTPUT)
        return arena_print(arena, "output %d: <i>y</i>′ = %s, should be %s, error %s", i,
                           number(input, out), number(input, y), number(input, out - y));
    double sum = sample_bias(sample, i);
    for (int p = 0; p < sample->n_parts; p++)
        sum += sample_adds(sample, p, i);
    return arena_print(arena, "output %d%s; the sum is %s, <i>y</i>′ = %s", i, adds,
                       number(input, sum), number(input, out));
}

static bool pick(const SceneInput *input, Rect rect, const Style *style, double x, double y,
                 Pick *pick) {
    const Content *content = lay_out(input, rect, style);
    for (int r = content ? content->first_row : N_ROWS; r < N_ROWS; r++) {
        int bar, column = bars_panel_at(content->rows[r].rect, &content->rows[r].panel, x, y, &bar);
        if (column < 0)
            continue;
        if (r != ROW_HIDDEN)
            pick->feature = content->columns[column];
        else if (bar >= 0 && content->sample.by_feature && content->rows[r].parts[bar] >= 0)
            pick->feature = content->sample.parts[content->rows[r].parts[bar]];
        pick_say(pick, say(input, content, (RowKind)r, column, bar));
        return true;
    }
    return false;
}

extern const SceneKind scene_samples;
const SceneKind scene_samples = {
    .kind = {.name = "samples",
             .summary = "one input, its hidden code, its output, and what interferes"},
    .refuses = refuses,
    .draw = draw,
    .pick = pick,
};
