/* A slider: places from 0 to 1 along the track on one side, values with their steps and ends on
 * the other. */
#include "render/draw/label.h"
#include "render/ui/ui.h"

#include <math.h>

enum { MAX_SLIDER_TICKS = 32 };

static double place_of(const UiSlider *slider, double value) {
    double low = fmin(slider->from, slider->to), high = fmax(slider->from, slider->to);
    value = fmax(low, fmin(value, high));
    return slider->is_log ? log(value / slider->from) / log(slider->to / slider->from)
                          : (value - slider->from) / (slider->to - slider->from);
}

/* A value between the ends, and a multiple of the step; the ends themselves need not be one. */
static double settled(const UiSlider *slider, double value) {
    double base = slider->is_log ? 0 : slider->from;
    if (slider->step > 0)
        value = base + slider->step * round((value - base) / slider->step);
    double low = fmin(slider->from, slider->to), high = fmax(slider->from, slider->to);
    return fmax(low, fmin(value, high));
}

static double value_at(const UiSlider *slider, double place) {
    double p = fmax(0, fmin(place, 1)), from = slider->from, to = slider->to;
    if (p == 0 || p == 1) /* exactly, whatever rounding makes of the power */
        return p == 0 ? from : to;
    return settled(slider, slider->is_log ? from * pow(to / from, p) : from + (to - from) * p);
}

/* That share of the way further, and at least a step. */
static double value_beyond(const UiSlider *slider, double value, double share) {
    double next = value_at(slider, place_of(slider, value) + share);
    if (share == 0 || slider->step <= 0 || next != settled(slider, value))
        return next;
    double up = (share > 0) == (slider->to > slider->from) ? 1 : -1;
    return settled(slider, value + up * slider->step);
}

/* What a press and a drag make of the value: a press beside the knob brings it there, one on it
 * takes it as it is, a double click brings it back. */
static double value_dragged(Ui *ui, const UiSlider *slider, const UiRegion *region, Rect track,
                            double value) {
    double pressed = (region->from_x - track.x) / track.width;
    if (region->is_pressed) {
        ui->grip = place_of(slider, value) - pressed;
        if (region->is_double) {
            value = settled(slider, slider->initial);
            ui->grip = place_of(slider, value) - pressed;
        } else if (fabs(ui->grip) * track.width > widget_knob_size(ui->style) / 2) {
            value = value_at(slider, pressed);
            ui->grip = 0;
        }
    }
    if (region->is_dragged)
        value = value_at(slider, (region->x - track.x) / track.width + ui->grip);
    return value;
}

static double value_after(Ui *ui, const UiSlider *slider, const UiRegion *region, Rect track,
                          double value) {
    if (region->button == BUTTON_LEFT)
        value = value_dragged(ui, slider, region, track, value);
    if (region->wheel != 0)
        value = value_beyond(slider, value, 0.02 * region->wheel);
    int steps = region->right + region->up;
    return steps ? value_beyond(slider, value, 0.01 * steps) : value;
}

static void draw(Ui *ui, const UiSlider *slider, Rect rect, unsigned state, double value) {
    double ticks[MAX_SLIDER_TICKS];
    int n_ticks = slider->n_ticks < MAX_SLIDER_TICKS ? slider->n_ticks : MAX_SLIDER_TICKS;
    for (int i = 0; i < n_ticks; i++)
        ticks[i] = place_of(slider, slider->ticks[i]);
    const char *text = slider->print ? slider->print(&ui->arena, value)
                                     : label_number(&ui->arena, value, slider->step > 0 ? 6 : 3);
    SliderLook look = {slider->label, text, place_of(slider, value), ticks, n_ticks};
    widget_slider(ui->cairo, ui->style, rect, &look, state);
}

UiSlide ui_slider(Ui *ui, int id, Rect rect, const UiSlider *slider, double *value) {
    bool is_disabled = slider->is_disabled;
    unsigned wants = is_disabled ? 0 : UI_WANTS_WHEEL | UI_WANTS_ARROWS;
    UiRegion region = ui_region(ui, id, rect, wants, is_disabled ? CURSOR_ARROW : CURSOR_HAND);
    double before = *value;
    if (!is_disabled)
        *value = value_after(ui, slider, &region, widget_slider_track(ui->style, rect), before);
    draw(ui, slider, rect, is_disabled ? WIDGET_DISABLED : ui_state(ui, id), *value);
    return (UiSlide){*value != before,
                     !is_disabled && region.is_held && region.button == BUTTON_LEFT};
}
