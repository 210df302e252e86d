/* Sliders for the world of the running model: one for each live setting that its tables have, so
 * that a new live setting gets one by itself. */
#include "render/draw/label.h"
#include "render/page/parts.h"
#include "render/state/world.h"
#include "sim/experiment/live_settings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ranges that people want to move in, where the allowed one is wider; what people move most comes
 * first, and what is not here comes last. */
typedef struct Range {
    const char *key;
    double from, to;
    bool is_log;
} Range;

static const Range ranges[] = {
    {"data.feature_probability", 0.001, 1, true},
    {"data.set_probability", 0.001, 1, true},
    {"data.correlation", 0, 1, false},
    {"task.importance.decay", 0.5, 1, false},
    {"task.importance.last", 0.1, 10, true},
    {"train.learning_rate", 1e-5, 0.1, true},
    {"train.weight_decay", 0, 0.5, false},
    {"train.batch", 16, 8192, true},
    {"train.loss_exponent", 1, 6, false},
    {"model.hidden_penalty", 0, 0.1, false},
};
static const double CLOSER = 4; /* than other controls are */
enum { N_RANGES = sizeof ranges / sizeof *ranges };

static int rank_of(const LiveSetting *setting) {
    int i = 0;
    while (i < N_RANGES && strcmp(ranges[i].key, setting->key) != 0)
        i++;
    return i;
}

/* Copies them in that order. */
static LiveSetting *ordered(const LiveSetting *settings, int n, Arena *arena) {
    LiveSetting *out = ARENA_NEW(arena, LiveSetting, n);
    int filled = 0;
    for (int rank = 0; rank <= N_RANGES; rank++)
        for (int i = 0; i < n; i++)
            if (rank_of(&settings[i]) == rank)
                out[filled++] = settings[i];
    return out;
}

/* Of others: what is allowed, or a hundredth to a hundred times of what it is. */
static Range range_of(const LiveSetting *setting) {
    if (rank_of(setting) < N_RANGES)
        return ranges[rank_of(setting)];
    if (isfinite(setting->minimum) && isfinite(setting->maximum))
        return (Range){setting->key, setting->minimum, setting->maximum, false};
    double around = setting->value > 0 ? setting->value : 1;
    return (Range){setting->key, around / 100, around * 100, true};
}

static double first_value(const LiveSetting *first, int n, const LiveSetting *setting) {
    for (int i = 0; i < n; i++)
        if (strcmp(first[i].key, setting->key) == 0)
            return first[i].value;
    return setting->value;
}

/* Three digits are as fine as a hand is: the number that is written with them. */
static double rounded(double value, bool is_integer) {
    char digits[32];
    if (is_integer)
        return round(value);
    snprintf(digits, sizeof digits, "%.2e", value);
    return strtod(digits, NULL);
}

static const char *print_value(Arena *arena, double value) {
    return label_number(arena, value, 3);
}

static const char *print_integer(Arena *arena, double value) {
    return label_number(arena, round(value), 9);
}

static void touch(View *view, const LiveSetting *setting, double value) {
    char text[32];
    if (view->held_key != setting->field) /* another hand on another knob: another mark */
        view->drag++;
    view->held_key = setting->field;
    text_number(text, rounded(value, setting->field->type == FIELD_INTEGER));
    view_touch(view, setting->key, text);
}

/* One slider; returns whether it is in hand. */
static bool frame_one(View *view, int i, Rect rect, const LiveSetting *setting, double initial) {
    Range range = range_of(setting);
    const char *label = label_setting(&view->ui.arena, setting->key);
    UiSlider slider = {.label = label,
                       .from = range.from,
                       .to = range.to,
                       .is_log = range.is_log,
                       .initial = initial,
                       .is_disabled = view_why_no_training(view) != NULL,
                       .print =
                           setting->field->type == FIELD_INTEGER ? print_integer : print_value};
    double value = setting->value;
    UiSlide slide = ui_slider(&view->ui, ID_SLIDERS + i, rect, &slider, &value);
    const char *why = view_why_no_training(view);
    ui_tip(&view->ui, why ? why : label_escape(&view->ui.arena, setting->field->help));
    if (slide.is_changed)
        touch(view, setting, value);
    return slide.is_held;
}

void sliders_frame(View *view, Column *column) {
    Arena *arena = &view->ui.arena;
    int n, n_first;
    const LiveSetting *all =
        live_settings(stage_settings_at(view->stage, view->shown, view->step), arena, &n);
    const LiveSetting *now = ordered(all, n, arena);
    const LiveSetting *first =
        live_settings(stage_settings_first(view->stage, view->shown), arena, &n_first);
    bool is_held = false;
    for (int i = 0; i < n; i++) {
        Rect at = column_take(column, widget_slider_height(&view->style) - CLOSER);
        at.height += CLOSER;
        is_held |= frame_one(view, i, at, &now[i], first_value(first, n_first, &now[i]));
    }
    if (!is_held)
        view->held_key = NULL;
}
