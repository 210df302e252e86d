/* What the files of the View share, and nobody else includes: its state, the ids of its widgets. */
#ifndef SUPERPOSE_RENDER_VIEW_STATE_H
#define SUPERPOSE_RENDER_VIEW_STATE_H

#include "render/film/film.h"
#include "render/film/saves.h"
#include "render/runs/presets.h"
#include "render/runs/stage.h"
#include "render/scene/scene.h"
#include "render/view/view.h"

/* Widgets by name; a row of many begins at its first id. */
typedef enum WidgetId {
    ID_NONE,
    ID_SCENE,
    ID_TIMELINE,
    ID_SCENE_TABS,
    ID_PLAY,
    ID_STEP,
    ID_RESET,
    ID_SEED,
    ID_SPEED,
    ID_NOW,
    ID_LOOP,
    ID_BOOKMARK,
    ID_THEME,
    ID_FULL,
    ID_HELP,
    ID_OVERLAYS,
    ID_PICTURE,
    ID_FILM,
    ID_SAVE,
    ID_PRESETS,
    ID_MENU,
    ID_MENU_GROUND,
    ID_COMPARE,
    ID_COMPARED,    /* the scene of the run beside the shown one */
    ID_TITLE,       /* the words in the header */
    ID_NAMES,       /* of two runs: left, right */
    ID_COLUMN = 35, /* of controls, and its bar */
    ID_HELP_GROUND = 37,
    ID_KINDS = 40,   /* of data, task, model, optimizer: 40 + i */
    ID_SIZES = 50,   /* less and more of features, dimensions: 50 + i */
    ID_SLIDERS = 60, /* of live settings, 60 + i */
    ID_OPTIONS = 100 /* of the scene, 100 + i */
} WidgetId;

/* Lists that open over the page. */
typedef enum MenuKind {
    MENU_NONE,
    MENU_PRESETS,
    MENU_DATA,
    MENU_TASK,
    MENU_MODEL,
    MENU_OPTIMIZER
} MenuKind;

/* Speeds in steps a second; the last is as fast as it can. */
extern const double speeds[];
extern const int n_speeds;

/* What the user takes away: pictures of the page as it is drawn next, and a film of it. */
typedef struct Take {
    bool wants_picture, wants_drawing, wants_film;
    Saves saves; /* pictures that are being written */
    Film *film;  /* NULL: none */
    bool is_ending;
    double since; /* the film's first frame */
    int64_t n_frames;
} Take;

/* Going through what is known already: a replay, or looking back in a training. */
typedef struct Playback {
    bool is_playing, loops;
    int speed;   /* of speeds */
    double step; /* where it is, to a fraction */
} Playback;

struct View {
    Arena arena;
    ViewOptions options;
    Habits habits; /* of the session before; its size is that of the window now */
    Stage *stage;
    Stage *leaving; /* the one before it, as long as that is being kept; NULL: none */
    Ui ui;
    Style style;
    /* what is shown */
    int scene;                       /* row of scene_table */
    char refusals[UI_MAX_TABS][160]; /* of scenes, "" of those that have something to show, … */
    double refusals_until;           /* … as far as they are known of a run */
    int refusals_run;
    SceneState scene_state;
    int shown;                         /* run of the stage */
    bool is_comparing, is_shown_right; /* two runs side by side, and on which side the shown one */
    int compared;                      /* the other */
    int selected;                      /* feature; -1: none */
    double scale;                      /* of all, as wished, as long as it is not presented */
    double width, height;              /* of the window, at scale 1; 0: there is none */
    bool is_full_screen, is_bare, has_help;        /* bare: no controls */
    bool is_presenting, was_full_screen, was_bare; /* before */
    /* time */
    double clock; /* of the last tick; < 0: there was none */
    int speed;    /* of speeds */
    bool is_paused;
    double allowed; /* steps */
    bool is_now;    /* the newest is shown; else: */
    int64_t step;
    Playback playback;
    double timeline_last; /* the step that the time line reaches to */
    double rate_since;    /* steps a second, measured over half a second */
    int64_t rate_from;
    double steps_per_second, frames_per_second;
    int n_frames;
    Take take;
    /* the world */
    const void *held_key; /* the setting whose slider is in hand */
    int drag;             /* changes by one hand on one slider have the same number */
    MenuKind menu;        /* open over the page */
    bool is_menu_new;
    int menu_marked;
    double menu_scroll;
    UiScroll column; /* of controls */
    const Presets *presets;
    Rect film_mark; /* in the header */
    /* for a while */
    char message[256];
    double message_until;
    Error unread; /* the first that was told of what could not be read; for good */
    bool has_news, is_over;
};

/* ---- view.c ---- */

/** The scene's row. */
const SceneKind *view_scene(const View *view);

/** What a scene gets of the shown run, or of another of the stage; the arena is the frame's. */
SceneInput view_scene_input(View *view);
SceneInput view_scene_input_of(View *view, int run);

/** Shows a sentence for some seconds. */
void view_say(View *view, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Says what could not be read, and keeps the first of it for view_unread. */
void view_say_unread(View *view, const Error *error);

/** Shows a run of the sweep by its number. */
void view_open_run(View *view, int64_t number);

/** What a stage is opened from. */
StageOptions view_stage_options(const ViewOptions *options);

/** The speed at which its first run takes about 20 s. */
int view_first_speed(const Stage *stage);

/** Stops the training or the playback, or lets it go on. */
void view_pause(View *view);

/** Goes one step of the training on, or one moment of the playback; one moment back; and stops. */
void view_step_once(View *view);
void view_step_back(View *view);

/** Makes it `by` speeds faster. */
void view_change_speed(View *view, int by);

/** Goes to a scene by its row, or says why it has nothing to show. */
void view_choose_scene(View *view, int scene);

/** Shows a run by its place on the stage. */
void view_show(View *view, int run);

/** Stands at a step as far as it is known; at the newest. */
void view_go_to(View *view, int64_t step);
void view_go_to_now(View *view);

/* ---- look.c ---- */

/** Takes the page's size, an INPUT_RESIZE. */
void look_resize(View *view, const Input *size);

/** Light, or dark. */
void view_change_theme(View *view);

/** Makes all of it larger by so many places on a ladder; 0: as it was drawn. */
void view_change_scale(View *view, int by);

/** Shows the scene alone, large, over the whole screen; and back. */
void view_present(View *view);

/* ---- first.c ---- */

/** Goes to the first scene that has something to show of the runs: a grid where there are many, the
 * map of a sweep that has more points yet. */
void view_choose_first_scene(View *view);

/** Goes to the scene of this name. One that has nothing to show is a problem, too: it would make a
 * long film of one sentence. */
bool view_choose_named_scene(View *view, const char *name, Problems *problems);

/* ---- compare.c ---- */

/** Puts two runs side by side, or shows one again. Of a config with a single run there are two
 * then: with its seed and with the next. */
void view_compare(View *view);

/** Whether two runs are seen side by side: a scene that has all runs in it stays one. */
bool view_is_side_by_side(const View *view);

/** The run that is, or would be, beside the shown one; there are two at least. */
int view_compared(const View *view);

/** Puts the run `by` places further beside the shown one. */
void view_compare_next(View *view, int by);

/** Makes the run beside the shown one the shown one. */
void view_swap(View *view);

/* ---- playback.c ---- */

/** Whether time is that of a playback: in a replay always, in a training when it looks back. */
bool playback_is_on(const View *view);

/** Begins a replay, at the speed at which it takes about 20 s; nothing in a training. */
void playback_begin(View *view);

/** Goes on by `seconds`. */
void playback_tick(View *view, double seconds);

/** Plays, or stops; from the start where it was at the end. */
void playback_pause(View *view);

/** Plays from the start. */
void playback_restart(View *view);

/** Goes `by` moments on, or back, and stops. */
void playback_step(View *view, int by);

/** Stands at this part of all there is, from 0 to 1. */
void playback_seek(View *view, double part);

/** Goes to the mark after the step looked at (by > 0), or before it. */
void playback_go_to_mark(View *view, int by);

/** Sets a bookmark where the viewer stands, or takes it away. */
void playback_bookmark(View *view);

/** Why nothing can be trained here, a sentence; NULL: it can. */
const char *view_why_no_training(const View *view);

/** The speed that applies now: that of the training, or of the playback. */
int *view_speed(View *view);

/* ---- world.c ---- */

/** Gives a live setting of the shown run another value, as in a config; a run at its end goes on.
 */
void view_touch(View *view, const char *key, const char *value);

/** Lets the shown run go on as long again. */
void view_go_beyond(View *view);

/** Starts again with a setting for this and every later start; what cannot be is told, and nothing
 * changes. */
void view_restart_with(View *view, const char *key, const char *value);

/** Puts another stage in place of the one there is, from its beginning. */
void view_take_stage(View *view, Stage *stage);

/** Ends a stage, which is not waited for while it is still being kept; NULL: only the one before
 * it. */
void view_leave(View *view, Stage *stage);

/** Goes to another config. */
void view_load(View *view, const char *path);

/** Writes a config that trains the shown run to the step looked at, touches and all. */
void view_save_config(View *view);

/** Starts again from the beginning. */
void view_reset(View *view);

/** Starts again with the next seed. */
void view_new_seed(View *view);

/* ---- page.c ---- */

/** Draws the page, which reacts: all of a frame but what is done with it. */
void page_draw(View *view, cairo_t *cairo, double width, double height);

/* ---- header.c ---- */

/** The title and buttons along the page's upper edge; the mark of a film in it, drawn later. */
void header_frame(View *view, Rect rect);
void header_draw_film_mark(View *view, cairo_t *cairo);

/* ---- controls.c ---- */

/* Where the next control of the column goes. */
typedef struct Column {
    double x, y, width;
} Column;

/** The next `height` of it, and a gap. */
Rect column_take(Column *column, double height);

/** Scrolls the controls by so many notches, up > 0. */
void controls_scroll(View *view, int notches);

/** Draws the controls beside a scene, which react. */
void controls_frame(View *view, Rect rect);

/* ---- sliders.c ---- */

/** Sliders for all live settings. */
void sliders_frame(View *view, Column *column);

/* ---- anew.c ---- */

/** Sizes and kinds: what starts the run again. */
void anew_frame(View *view, Column *column);

/* ---- timeline.c ---- */

/** Draws the time line under a scene, which reacts. */
void timeline_frame(View *view, Rect rect);

/* ---- menu.c ---- */

/** Opens a menu, or closes it where it is open. */
void menu_open(View *view, MenuKind menu);

/** What a menu of kinds has chosen now, in words. */
const char *menu_label(const View *view, MenuKind menu, Arena *arena);

/** Draws the menu that is open, over the page, and reacts. */
void menu_frame(View *view, Rect page);

/** Goes to the config `by` places further in the menu of presets. */
void menu_next_preset(View *view, int by);

/* ---- keys.c ---- */

/** Does what a key says; false: it says nothing. */
bool keys_do(View *view, const Input *input);

/** Draws all keys with what they do. */
void keys_draw_help(View *view, cairo_t *cairo, Rect page);

/* ---- take.c ---- */

/** The first results/NAME-N that has none of these endings [n] yet. */
const char *take_next_stem(View *view, const char *const *endings, int n);

/** Saves the page when it is drawn next: as a PNG; as SVG and PDF, without controls. */
void take_picture(View *view);
void take_drawing(View *view);

/** Begins a film of the page, or ends it. */
void take_film(View *view);

/** Goes on with the film by `seconds`, to the view's clock. */
void take_tick(View *view, double seconds);

/** Saves the page that was just drawn on an image surface, and gives it to the film, as wanted. */
void take_page(View *view, cairo_t *cairo, double width, double height);

/** How long the film is, "1:05"; NULL where none is recorded. */
const char *take_film_time(View *view);

/** Finishes what is begun; returns "" or a sentence that says what became of it. */
const char *take_finish(View *view);

#endif
