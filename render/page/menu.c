/* Menus: lists that open over the page: the configs that come with the program, each with its
 * lesson, and the kinds of data, task, model and optimizer. */
#include "render/draw/label.h"
#include "render/runs/presets.h"
#include "render/page/parts.h"
#include "render/state/world.h"

#include <math.h>

static const double WIDTH = 640, ROW = 48;

/* A menu of kinds: which setting they are of. */
typedef struct KindMenu {
    MenuKind menu;
    const KindTable *table;
    const char *key, *title;
} KindMenu;

static const KindMenu kind_menus[] = {
    {MENU_DATA, &data_table, "data.kind", "Data"},
    {MENU_TASK, &task_table, "task.kind", "Task"},
    {MENU_MODEL, &model_table, "model.kind", "Model"},
    {MENU_OPTIMIZER, &optimizer_table, "train.optimizer", "Optimizer"},
};

static const KindMenu *kind_menu(MenuKind menu) {
    for (size_t i = 0; i < sizeof kind_menus / sizeof *kind_menus; i++)
        if (kind_menus[i].menu == menu)
            return &kind_menus[i];
    return NULL;
}

static const Kind *kind_now(const View *view, MenuKind menu) {
    const Settings *settings = stage_settings_first(view->stage, view->shown);
    return menu == MENU_DATA    ? settings->data.kind
           : menu == MENU_TASK  ? settings->task.kind
           : menu == MENU_MODEL ? settings->model.kind
                                : settings->train.optimizer.kind;
}

const char *menu_label(const View *view, MenuKind menu, Arena *arena) {
    return label_word(arena, kind_now(view, menu)->name);
}

/* ---- what is in them ---- */

static UiList preset_list(View *view, const char **title) {
    Arena *arena = &view->ui.arena;
    const Presets *presets = view->presets;
    UiRow *rows = ARENA_NEW(arena, UiRow, presets->n);
    UiList list = {.rows = rows, .n = presets->n, .row_height = ROW};
    list.chosen = presets_row(presets, view->options.path);
    for (int i = 0; i < presets->n; i++)
        rows[i] = (UiRow){label_escape(arena, presets->items[i].title),
                          label_escape(arena, presets->items[i].lesson)};
    *title = "Presets";
    return list;
}

static UiList kind_list(View *view, const KindMenu *menu, const char **title) {
    Arena *arena = &view->ui.arena;
    int n = menu->table->n_rows;
    UiRow *rows = ARENA_NEW(arena, UiRow, n);
    UiList list = {.rows = rows, .n = n, .row_height = ROW, .chosen = -1};
    for (int i = 0; i < n; i++) {
        const Kind *kind = menu->table->rows[i];
        rows[i] = (UiRow){label_word(arena, kind->name), label_escape(arena, kind->summary)};
        if (kind == kind_now(view, menu->menu))
            list.chosen = i;
    }
    *title = menu->title;
    return list;
}

static void choose(View *view, int row) {
    const KindMenu *kinds = kind_menu(view->menu);
    view->menu = MENU_NONE;
    if (kinds)
        view_restart_with(view, kinds->key, kinds->table->rows[row]->name);
    else
        view_load(view, view->presets->items[row].path);
}

/* ---- the frame ---- */

/* With what is there now, in sight and ready to go on from. */
static void begin_at_present(View *view, Rect rows, const UiList *list) {
    if (!view->is_menu_new)
        return;
    view->is_menu_new = false;
    view->menu_scroll = 0;
    view->menu_marked = list->chosen < 0 ? 0 : list->chosen;
    ui_list_show(&view->ui, rows, list, view->menu_marked, &view->menu_scroll);
}

void menu_frame(View *view, Rect page) {
    const char *title;
    Ui *ui = &view->ui;
    const KindMenu *kinds = kind_menu(view->menu);
    UiList list = kinds ? kind_list(view, kinds, &title) : preset_list(view, &title);
    double width = fmin(WIDTH, page.width - 24), most = page.height - fmin(page.height / 6, 140);
    double height = fmin(ui_list_height(ui, width - 16, &list), most - 56);
    Rect card = {page.x + (page.width - width) / 2, page.y + (page.height - height - 56) / 2, width,
                 height + 56};
    Color shade = view->style.background;
    shade.alpha = 0.6;
    canvas_set_color(ui->cairo, shade);
    cairo_rectangle(ui->cairo, page.x, page.y, page.width, page.height);
    cairo_fill(ui->cairo);
    /* a press beside it closes it */
    bool is_left = ui_region(ui, ID_MENU_GROUND, page, 0, CURSOR_ARROW).is_pressed;
    canvas_set_color(ui->cairo, view->style.background); /* a card lets through what is behind */
    cairo_rectangle(ui->cairo, card.x + 4, card.y + 4, card.width - 8, card.height - 8);
    cairo_fill(ui->cairo);
    widget_card(ui->cairo, &view->style, card);
    label_draw(ui->cairo, &view->style, (Label){TEXT_HEADING, ALIGN_LEFT, 0}, view->style.ink,
               card.x + 16, card.y + 30, title);
    Rect rows = {card.x + 8, card.y + 44, card.width - 16, height};
    begin_at_present(view, rows, &list);
    ui_focus(ui,
             view->has_help ? 0 : ID_MENU); /* its keys are those of the page while it is open */
    int chosen = ui_list(ui, ID_MENU, rows, &list, &view->menu_marked, &view->menu_scroll);
    if (chosen >= 0)
        choose(view, chosen);
    else if (is_left)
        view->menu = MENU_NONE;
}
