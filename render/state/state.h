/* The state of a View: what is shown, how, and of which time; what it asks of itself; and what it
 * goes to. What is done to it by larger means has files of its own here. */
#ifndef SUPERPOSE_RENDER_STATE_STATE_H
#define SUPERPOSE_RENDER_STATE_STATE_H

#include "render/film/film.h"
#include "render/film/saves.h"
#include "render/runs/presets.h"
#include "render/runs/stage.h"
#include "render/scene/scene.h"
#include "render/state/options.h"
#include "render/ui/ui.h"

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

/** The scene's row. */
const SceneKind *view_scene(const View *view);

/** What a scene gets of the shown run, or of another of the stage; the arena is the frame's. */
SceneInput view_scene_input(View *view);
SceneInput view_scene_input_of(View *view, int run);

/** The run that is, or would be, beside the shown one; there are two at least. */
int view_compared(const View *view);

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

/** Goes to a scene by its row, or says why it has nothing to show. */
void view_choose_scene(View *view, int scene);

/** Shows a run by its place on the stage. */
void view_show(View *view, int run);

/** Stands at a step as far as it is known; at the newest. */
void view_go_to(View *view, int64_t step);
void view_go_to_now(View *view);

/** Opens a menu, or closes it where it is open. */
void view_open_menu(View *view, MenuKind menu);

/** Scrolls the controls by so many notches, up > 0. */
void view_scroll_controls(View *view, int notches);

#endif
