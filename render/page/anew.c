/* What starts the run again: the sizes of its model, and the kinds of all that makes it. */
#include "render/draw/label.h"
#include "render/page/parts.h"
#include "render/state/world.h"

static const double GAP = 8, BUTTON = 28, NARROW = 220;

/* ---- sizes ---- */

/* A size that has a button for one less, and one for one more. */
typedef struct Size {
    int id;
    const char *symbol, *name, *key;
    int64_t value;
} Size;

static void frame_size(View *view, Rect row, const Size *size) {
    Ui *ui = &view->ui;
    const Style *style = &view->style;
    const char *why = view_why_no_training(view);
    const double symbol = 16, y = row.y + 19, right = row.x + row.width;
    const Rect less = {row.x + symbol, row.y, BUTTON, row.height};
    const Rect more = {right - BUTTON, row.y, BUTTON, row.height};
    const double room = more.x - less.x - BUTTON;
    const int step = ui->press_modifiers & MODIFIER_SHIFT ? 10 : 1;
    int64_t wanted = size->value;
    label_draw(ui->cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, style->muted, row.x, y,
               size->symbol);
    label_draw(ui->cairo, style, (Label){TEXT_BODY, ALIGN_CENTER, room}, style->ink,
               less.x + BUTTON + room / 2, y, label_count(&ui->arena, size->value));
    if (ui_button(ui, size->id, less, "−", size->value > 1 && !why ? 0 : WIDGET_DISABLED))
        wanted = size->value > step ? size->value - step : 1;
    ui_tip(ui,
           why ? why
               : arena_print(&ui->arena, "a %s less, with Shift ten: starts again", size->name));
    if (ui_button(ui, size->id + 1, more, "+", why ? WIDGET_DISABLED : 0))
        wanted = size->value + step;
    ui_tip(ui,
           why ? why
               : arena_print(&ui->arena, "a %s more, with Shift ten: starts again", size->name));
    if (wanted != size->value)
        view_restart_with(view, size->key, arena_print(&ui->arena, "%lld", (long long)wanted));
}

/* How many there are in a row beside each other. */
static int per_row_of(const Column *column) {
    return column->width < NARROW ? 1 : 2;
}

static Rect part_of(Rect row, int n, int i) {
    double width = (row.width - (n - 1) * GAP) / n;
    return (Rect){row.x + i * (width + GAP), row.y, width, row.height};
}

void anew_frame_sizes(View *view, Column *column) {
    const Settings *settings = stage_settings_first(view->stage, view->shown);
    const DataSettings *data = settings->data.settings;
    const ModelSettings *model = settings->model.settings;
    const Size sizes[] = {
        /* copies: one that is changed frees the settings */
        {ID_SIZES, "<i>n</i>", "feature", "data.n_features", data->n_features},
        {ID_SIZES + 2, "<i>m</i>", "dimension", "model.n_hidden", model->n_hidden}};
    int per_row = per_row_of(column);
    Rect row = {0};
    for (int i = 0; i < 2; i++) {
        if (i % per_row == 0)
            row = column_take(column, BUTTON);
        frame_size(view, part_of(row, per_row, i % per_row), &sizes[i]);
    }
}

/* ---- kinds ---- */

static void frame_kind(View *view, int i, Rect rect) {
    static const struct {
        MenuKind menu;
        const char *name;
    } menus[] = {{MENU_MODEL, "model"},
                 {MENU_DATA, "data"},
                 {MENU_TASK, "task"},
                 {MENU_OPTIMIZER, "optimizer"}};
    Arena *arena = &view->ui.arena;
    const char *why = view_why_no_training(view);
    const char *label = menu_label(view, menus[i].menu, arena);
    if (ui_button(&view->ui, ID_KINDS + i, rect, label, why ? WIDGET_DISABLED : 0))
        view_open_menu(view, menus[i].menu);
    ui_tip(&view->ui, arena_print(arena, "%s, %s: %s", menus[i].name, label,
                                  why ? why : "another one starts again"));
}

void anew_frame_kinds(View *view, Column *column) {
    enum { N_KINDS = 4 };
    int per_row = per_row_of(column);
    for (int i = 0; i < N_KINDS; i += per_row) {
        Rect row = column_take(column, 30);
        for (int k = 0; k < per_row; k++)
            frame_kind(view, i + k, part_of(row, per_row, k));
    }
}
