/* Figure: a picture of an experiment, composed from its Store and from nothing else, so that every
 * figure can be redrawn without training.
 *
 * To add one: one file here with one FigureKind, one line in figure.c's table. A figure that is a
 * grid of equal cells fills a Sheet (sheet.h) and gets title, scales, captions and claims from it.
 */
#ifndef SUPERPOSE_RENDER_FIGURE_FIGURE_H
#define SUPERPOSE_RENDER_FIGURE_FIGURE_H

#include "render/draw/canvas.h"
#include "sim/config/kind.h"
#include "sim/store/store.h"

/* What every kind's settings begin with. */
typedef struct FigureSettings {
    const char *name;  /* of its files; "auto": the kind's */
    int theme;         /* Theme */
    const char *title; /* "auto": the store's */
} FigureSettings;

/* A composed figure: its size is known, its content read; it can be drawn in any format. */
typedef struct Picture {
    double width, height;
    const char *title; /* plain text, for metadata */
    const void *content;
    void (*draw)(const void *content, cairo_t *cairo, const Style *style);
} Picture;

typedef struct FigureInput {
    Store *store;
    const char *path;     /* of the store, for messages */
    const char *name;     /* of the figure: figure_file_name */
    const void *settings; /* the kind's */
    const Style *style;
    Arena *arena; /* owns the picture's content */
} FigureInput;

/* Sizes of the models that a kind draws, [least, most]; 0: no limit. A config that asks for others
 * is refused before anything is trained. */
typedef struct FigureSizes {
    int n_features[2], n_hidden[2];
} FigureSizes;

typedef struct FigureKind {
    Kind kind;
    FigureSizes sizes;
    /** Reads what it needs and lays it out. Fails where the store has not what the figure shows. */
    bool (*compose)(const FigureInput *input, Picture *picture, Error *error);
} FigureKind;

extern const KindTable figure_table;

/** The name of a row's files, without ending. */
const char *figure_file_name(const Choice *choice);

/** Draws a row of `figures:` from the store into a file whose ending says the format. */
bool figure_write(const Choice *choice, Theme theme, Store *store, const char *store_path,
                  const char *const *paths, int n_paths, Error *error);

#endif
