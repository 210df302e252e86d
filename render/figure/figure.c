/* The table of figures, and the way from a row to files. */
#include "render/figure/figure.h"

#include <string.h>

/* One line a figure: the file <name>.c defines figure_<name>. */
#define FIGURES(ROW)                                                                               \
    ROW(curves)                                                                                    \
    ROW(dimensionality)                                                                            \
    ROW(directions)                                                                                \
    ROW(dynamics)                                                                                  \
    ROW(geometry_graph)                                                                            \
    ROW(gram)                                                                                      \
    ROW(neurons)                                                                                   \
    ROW(path)                                                                                      \
    ROW(phase)                                                                                     \
    ROW(surface)

#define DECLARE(name) extern const FigureKind figure_##name;
FIGURES(DECLARE)

#define ROW_OF(name) &figure_##name.kind,
static const Kind *const rows[] = {FIGURES(ROW_OF)};

static const char *const themes[] = {[THEME_LIGHT] = "light", [THEME_DARK] = "dark", NULL};

static const Field fields[] = {
    {.name = "name",
     .type = FIELD_TEXT,
     .offset = offsetof(FigureSettings, name),
     .fallback = "auto",
     .help = "of its files; auto: the kind's name"},
    {.name = "theme",
     .type = FIELD_WORD,
     .offset = offsetof(FigureSettings, theme),
     .fallback = "light",
     .words = themes,
     .help = "colours for a light or a dark ground"},
    {.name = "title",
     .type = FIELD_TEXT,
     .offset = offsetof(FigureSettings, title),
     .fallback = "auto",
     .help = "above the figure; auto: the experiment's"},
};

const KindTable figure_table = {.name = "figures",
                                .noun = "figure kind",
                                .summary = "pictures of an experiment, drawn from its store",
                                .rows = rows,
                                .n_rows = sizeof rows / sizeof *rows,
                                .fields = fields,
                                .n_fields = sizeof fields / sizeof *fields,
                                .settings_size = sizeof(FigureSettings)};

const char *figure_file_name(const Choice *choice) {
    const FigureSettings *settings = choice->settings;
    return strcmp(settings->name, "auto") == 0 ? choice->kind->name : settings->name;
}

static bool write_one(const Picture *picture, const Style *style, const char *path, Error *error) {
    CanvasFormat format;
    Canvas canvas;
    if (!canvas_format(path, &format, error) ||
        !canvas_open(&canvas, format, picture->width, picture->height, style, picture->title,
                     error))
        return false;
    picture->draw(picture->content, canvas.cairo, style);
    Text bytes = {0};
    bool is_written = canvas_close(&canvas, &bytes, error) && canvas_save(path, &bytes, error);
    text_release(&bytes);
    return is_written;
}

bool figure_write(const Choice *choice, Theme theme, Store *store, const char *store_path,
                  const char *const *paths, int n_paths, Error *error) {
    Arena arena = {0};
    const Style *style = style_of(theme);
    const FigureKind *kind = (const FigureKind *)choice->kind;
    FigureInput input = {store, store_path, figure_file_name(choice), choice->settings,
                         style, &arena};
    Picture picture = {0};
    bool is_written = kind->compose(&input, &picture, error) ||
                      error_prefix(error, "%s: figure %s: ", store_path, choice->kind->name);
    for (int i = 0; is_written && i < n_paths; i++)
        is_written = write_one(&picture, style, paths[i], error);
    arena_release(&arena);
    return is_written;
}
