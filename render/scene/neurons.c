/* Each neuron's weights in a stack. Columns stand in the order that the run had a little while ago:
 * they would jump about if each frame had its own. */
#include "render/draw/label.h"
#include "render/model/stacks.h"
#include "render/scene/tell.h"

#include <math.h>
#include <string.h>

enum { MOST_NUMBERED = 64 };
static const double between = 14; /* gap of the two layers */

typedef struct Arrangement {
    Rect in, out;
    Stacks stacks;
    const StackColumn *columns;
    Captions captions;
} Arrangement;

static const char *refuses(const SceneInput *input) {
    const Model *model = history_model(input->history, input->moment);
    if (model->hidden == ACTIVATION_LINEAR)
        return "the hidden layer is linear: its dimensions can be turned at will, and are no "
               "neurons to look at one by one";
    return model->n_hidden > MAX_NEURONS
               ? arena_print(input->arena, "%d neurons would not be legible; up to %d are drawn",
                             model->n_hidden, MAX_NEURONS)
               : NULL;
}

/* The moment whose order the columns have: the newest that is one of eight steps for each doubling
 * of the training. */
static int ordering_moment(History *history) {
    int n;
    const Moment *moments = history_moments(history, &n);
    int64_t step = moments[n - 1].step, grain = 1;
    while (step / grain >= 16)
        grain *= 2;
    return history_moment_at(history, step / grain * grain);
}

static bool find(const SceneInput *input, int moment, StackSource *source) {
    Error error = {0};
    *source =
        (StackSource){.weights = history_measure(input->history, moment, "neuron_weights", NULL),
                      .group = history_measure(input->history, moment, "neuron_group", NULL),
                      .importance = importances_of(input)};
    const Model *model = source->model = history_model(input->history, moment);
    if (model->n_hidden <= FEW_NEURONS && !model->kind->is_tied)
        source->roles = history_measure(input->history, moment, "asymmetric_motif", NULL);
    return source->weights && source->group &&
           neurons_find(model, input->arena, &source->neurons, &error);
}

/* The order, found once for the moment that has it. */
typedef struct Order {
    uint64_t serial; /* of that moment; 0: none yet */
    StackColumn columns[];
} Order;

static const StackColumn *order(const SceneInput *input) {
    int n_moments, m = history_model(input->history, input->moment)->n_hidden;
    size_t size = (size_t)m * sizeof(StackColumn);
    Order *order = history_remember(input->history, "order of neurons", sizeof *order + size);
    int moment = ordering_moment(input->history);
    uint64_t serial = history_moments(input->history, &n_moments)[moment].serial;
    StackSource then;
    if (order->serial == serial)
        return order->columns;
    if (!find(input, moment, &then))
        return NULL;
    memcpy(order->columns, stacks_order(&then, input->arena), size);
    order->serial = serial;
    return order->columns;
}

static void add_captions(const SceneInput *input, Arrangement *at) {
    const StackPanel *in = &at->stacks.in;
    bool is_many = in->n_neurons > FEW_NEURONS;
    captions_add(&at->captions,
                 is_many ? "columns: neurons; blocks: sizes of the weights of features"
                         : "columns: neurons; blocks: weights of features, pale where not stored");
    if (is_many)
        captions_add(&at->captions, stack_panel_is_torn(in)
                                        ? "grey: not stored; torn: goes on to the number above"
                                        : "grey: not stored");
    if (input->state->has_overlays)
        captions_add(&at->captions,
                     arena_print(input->arena, "%d neurons store one feature, %d several",
                                 at->stacks.n_alone, at->stacks.n_shared));
    if (in->shade)
        captions_add_importance(&at->captions, input);
    if (at->stacks.n_shared)
        at->captions.scales[at->captions.n_scales++] = stack_panel_scale;
}

/* W in the upper, W2 in the lower half, where both are shown; at most as wide as is easily read. */
static void lay_out(Rect rect, Arrangement *at) {
    const double most_column = 72, edge = 8;
    StackPanel *in = &at->stacks.in, *out = &at->stacks.out;
    if (is_small(rect)) {
        in->title = out->title = NULL;
        in->notes = out->notes = NULL;
        in->n_groups = out->n_groups = 0;
    }
    double most = stack_panel_width(most_column, in->n_neurons);
    double width = fmin(rect.width - 2 * edge, most);
    double top = stack_panel_is_torn(in) ? 2 * edge : edge; /* heights stand above it */
    Rect body = {rect.x + (rect.width - width) / 2, rect.y + top, width, rect.height - top - edge};
    at->in = at->out = body;
    if (!out->n_neurons)
        return;
    double plot =
        (body.height - between - stack_panel_height(in, 0) - stack_panel_height(out, 0)) / 2;
    at->in.height = stack_panel_height(in, plot);
    at->out.height = stack_panel_height(out, plot);
    at->out.y = body.y + at->in.height + between;
}

static bool arrange(const SceneInput *input, Rect rect, const Style *style, Arrangement *at) {
    StackSource source;
    *at = (Arrangement){.columns = order(input)};
    if (!at->columns || !find(input, input->moment, &source))
        return false;
    stacks_fill(&source, at->columns, &at->stacks, input->arena);
    stacks_share_ends(&at->stacks, 1);
    at->stacks.in.selected = at->stacks.out.selected = input->selected;
    at->stacks.in.hides_numbers = at->stacks.in.n_neurons > MOST_NUMBERED;
    add_captions(input, at);
    lay_out(captions_part(&at->captions, rect, style), at);
    return true;
}

static void draw(const SceneInput *input, cairo_t *cairo, Rect rect, const Style *style) {
    Arrangement at;
    if (!arrange(input, rect, style, &at))
        return;
    stack_panel_draw(cairo, at.in, &at.stacks.in, style);
    if (at.stacks.out.n_neurons)
        stack_panel_draw(cairo, at.out, &at.stacks.out, style);
    captions_draw(cairo, rect, &at.captions, style);
}

/* "W_3,5 = 0.8": feature 3, neuron 5, the weight itself and not what it is drawn as. */
static const char *weight_text(const SceneInput *input, bool is_out, int i, int k) {
    const Model *model = history_model(input->history, input->moment);
    const float *W = is_out ? model->W2 : model->W;
    const char *value = label_number(input->arena, (double)W[(size_t)i * model->n_hidden + k], 4);
    return is_out ? arena_print(input->arena, "feature %d, neuron %d: <i>W</i><sub>2</sub> = %s", i,
                                k, value)
                  : arena_print(input->arena, "feature %d, neuron %d: <i>W</i> = %s", i, k, value);
}

static bool pick(const SceneInput *input, Rect rect, const Style *style, double x, double y,
                 Pick *pick) {
    Arrangement at;
    int column, feature;
    if (!arrange(input, rect, style, &at))
        return false;
    bool is_in = stack_panel_pick(at.in, &at.stacks.in, x, y, &column, &feature);
    if (!is_in && !(at.stacks.out.n_neurons &&
                    stack_panel_pick(at.out, &at.stacks.out, x, y, &column, &feature)))
        return false;
    int k = at.columns[column].neuron;
    tell_text(feature,
              feature >= 0 ? weight_text(input, !is_in, feature, k)
                           : arena_print(input->arena, "neuron %d", k),
              pick);
    return true;
}

extern const SceneKind scene_neurons;
const SceneKind scene_neurons = {
    .kind = {.name = "neurons",
             .summary = "each neuron's weights in a stack, where the hidden layer has a ReLU",
             .source = "Elhage et al. 2022, Superposition in a privileged basis"},
    .refuses = refuses,
    .draw = draw,
    .pick = pick,
};
