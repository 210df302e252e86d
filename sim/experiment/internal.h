/* What the files of experiment's config half share. The rest of the program uses experiment.h. */
#ifndef SUPERPOSE_EXPERIMENT_INTERNAL_H
#define SUPERPOSE_EXPERIMENT_INTERNAL_H

#include "sim/experiment/sections.h"

enum { MAX_RUNS = 10000000, MAX_AXIS_VALUES = 1000000 };

/* What a change sets: dotted key, value. */
typedef struct ChangeSet {
    YamlPair pair;
    int64_t until; /* the step of the next change of the same key; INT64_MAX: there is none */
} ChangeSet;

/* A row of `changes`. */
typedef struct Change {
    int64_t step;
    Place place;     /* of the step */
    ChangeSet *sets; /* [n_sets] */
    int n_sets;
} Change;

/* What defines a run, said twice: every setting, as the store keeps it, and brief, without those at
 * their default, as its identity hashes it. */
typedef struct RunText {
    Text all, brief;
} RunText;

/* A part of it that many runs share. */
typedef struct RunPiece {
    const char *all, *brief;
} RunPiece;

/* What one axis key does to a slot. */
typedef struct SlotEdit {
    int axis, key;
    const char *inside; /* the path within the setting, "" for all of it */
} SlotEdit;

/* A setting that axes touch. */
typedef struct Slot {
    const Field *field;
    const Yaml *node; /* in the base, or NULL */
    SlotEdit *edits;  /* [n_edits], in the order of the axes; without any it is printed only */
    int n_edits;
    RunPiece before; /* of the section's texts, up to it */
} Slot;

/* A section of which axes change some settings only. */
typedef struct SlottedSection {
    bool is_usable; /* else the section is read as a whole for each run */
    Slot *slots;    /* [n_slots], in the order of the text */
    int n_slots;
    RunPiece after; /* what follows the last */
} SlottedSection;

/* How a run number becomes settings: the base's sections, what the axes do to them, and the parts
 * that are the same in all runs, resolved once. */
struct Resolver {
    const Yaml *nodes[N_SECTIONS]; /* NULL: not in the config */
    Place places[N_SECTIONS];
    const char *const *ignored[N_SECTIONS]; /* keys of swept kinds */
    int n_ignored[N_SECTIONS];
    bool is_swept[N_SECTIONS];
    bool is_broken[N_SECTIONS]; /* a bad axis left yaml_refused in it */
    Change *changes;            /* [n_changes] */
    int n_changes;
    Settings base;              /* sections that are not swept */
    RunPiece texts[N_SECTIONS]; /* their canonical texts */
    SlottedSection slotted[N_SECTIONS];
    const char **json;         /* pieces "key": value, of all axes' keys and values in order */
    const int64_t *json_start; /* [n_axes]: where an axis' pieces start */
};

/** A text of the config file as it stands, includes and overrides applied; NULL, with problems,
 * where there is none. `path` is where includes start from; NULL text: read from there. */
const Yaml *config_tree(const char *path, const char *text, size_t n, const char *const *overrides,
                        int n_overrides, Arena *arena, Problems *problems);

/** Whether an override changes what is trained. */
bool override_changes_runs(const char *override);

/** Reads the section `sweep` into experiment->axes, n_axes, n_points. A bad axis leaves
 * yaml_refused where the base has no value for it. */
void axes_read(Experiment *experiment, const Yaml *sweep, Problems *problems);

/** Whether the base has the form that a key inside a value needs ("task.importance.last"); adds a
 * problem where it has not. */
bool has_form(const Experiment *experiment, const YamlPair *pair, Problems *problems);

/** Reads `changes` into the resolver. */
void changes_read(Experiment *experiment, Problems *problems);

/** Finds, for all that the changes [n] set, until when it holds. */
void changes_link(Change *changes, int n);

/** Whether a change may set this; adds a problem where it may not. A key that no setting has is
 * found when its section is read. `settings` are those of the base. */
bool change_check(const Experiment *experiment, const Settings *settings, const YamlPair *pair,
                  Problems *problems);

/** {step: 4000, set: {data.feature_probability: 0.2}}, with the values, which `settings` have, in
 * canonical form. Settings that this run's kinds do not have are left out. */
void change_print(const Change *change, const Settings *settings, Text *text);

/** Makes experiment->resolver with the sections of the tree, then prepares it for the axes. */
void resolver_open(Experiment *experiment);
void resolver_add_axes(const Experiment *experiment);

/** Resolves what all runs share; only on a config without problems. */
void resolver_finish(Experiment *experiment);

/** Index of the value that a point takes on each axis: out [n_axes]. */
void point_values(const Experiment *experiment, int64_t point, int64_t *out);

/** One section of a run with these axis values and the first n_changes changes; false where its
 * kind is unknown. */
bool section_resolve(const Experiment *experiment, Section section, const int64_t *values,
                     int n_changes, Settings *settings, Arena *arena, Problems *problems);

/** The section's node with one setting changed, where the key lies in this section. */
const Yaml *section_edit(const Yaml *node, Section section, const YamlPair *pair, Arena *arena);

/** Whether a change sets anything in the section. */
bool change_touches(const Change *change, Section section);

/** What a run's text has of files: data and first weights are told by what they are, not by the
 * file's name alone. */
void content_print(const Experiment *experiment, const Settings *settings, Text *text,
                   Arena *arena);

/** Finds the slots of a section that axes touch; the base is resolved. */
void slots_open(const Experiment *experiment, Section section);

/** What section_resolve and run_text_add_section give, where the section is usable: the base with
 * its slots read anew, and its texts. */
void slots_resolve(const Experiment *experiment, Section section, const int64_t *values,
                   Settings *settings, RunText *text, Arena *arena);

/** The settings with those that follow from others filled in: a default weight decay is that of the
 * optimizer. */
TrainSettings train_as_printed(const TrainSettings *train);

/** The other way round: the optimizer's own weight decay is a default, also where it is written. */
TrainSettings train_as_hashed(const TrainSettings *train);

/** Whether the text of a run has this setting of train: restarts, and which is the first, are left
 * out, so that more of them keep the runs there are; the run's own is told apart. */
bool train_is_printed(const Field *field);

/** The canonical text of a section: "{kind: independent, n_features: 5, …}". */
void section_print(Section section, const Settings *settings, Text *text);

/** The section at the end of both texts. */
void run_text_add_section(RunText *text, Section section, const Settings *settings);

/** The same words at the end of both texts. */
void run_text_append(RunText *text, const char *more);

/** A piece at the end of them; what they hold, as a piece, which empties them. */
void run_text_add(RunText *text, const RunPiece *piece);
RunPiece run_text_take(RunText *text, Arena *arena);

/** The hash of a run's brief text: 32 hex digits and the end in identity [33]. */
void run_text_hash(const RunText *text, char *identity);

/** Gives the run this text and the identity that follows from it. */
void run_identify(Run *run, const RunText *text, Arena *arena);

/** Frees both. */
void run_text_release(RunText *text);

/** One run of an experiment as a config: these settings, the canonical texts of changes [n], and
 * the experiment's title, record and, where it is of one run, figures. */
void experiment_print_run(const Experiment *experiment, const Settings *settings,
                          const char *const *changes, int n_changes, Text *text);

/** Whether an axis sets something in the section. */
bool axis_touches(const Axis *axis, Section section);

/** Checks every axis value at least once, changes, and that runs can be opened. */
void experiment_check(const Experiment *experiment, Problems *problems);

/** Checks the shape of `instruments` and `figures`; the latter are returned, or NULL. */
void instruments_check(const Yaml *node, Problems *problems, Arena *arena);
const Yaml *figures_read(const Yaml *node, Problems *problems, Arena *arena);

/** Reads `record`. */
void record_read(RecordSettings *record, const Yaml *node, Place place, Arena *arena,
                 Problems *problems);
void record_print(const RecordSettings *record, Text *text);

/** The axis that has a key, and which of its keys that is; NULL: none has. */
const Axis *axis_find(const Experiment *experiment, const char *name, int *key);

/** All keys of the sweep: [n]. */
const char **axis_names(const Experiment *experiment, int *n);

/** axis_find, with a problem where there is none. */
const Axis *axis_check(const Experiment *experiment, const char *name, Place place, int *key,
                       Problems *problems);

/** Adds a problem where the axis' key never has this value. */
void axis_value_check(const Experiment *experiment, const Axis *axis, int key, const Yaml *value,
                      Problems *problems);

/** Checks a map of axis values, at its places; `where` names the section in messages. Overrides may
 * have changed the axes: then they are not looked at. False where there is no map. */
bool at_check(const Experiment *experiment, const Yaml *at, const char *where, Problems *problems);

/** Reads `summaries` into experiment->summaries, with room for n_more that claims name. */
void summaries_read(Experiment *experiment, const Yaml *node, int n_more, Problems *problems);

/** The row that a claim of this measurement is about; of a kind that needs no settings one is added
 * where there is none. NULL where nothing makes it (a problem was added), or the axes it needs are
 * overridden. */
const Choice *summary_claimed(Experiment *experiment, const char *name, Place place,
                              const SummaryPart **part, Problems *problems);

/** Checks a label or number, or a list of them, that a measurement of a metric may have. */
void claim_words_check(const char *measurement, const Yaml *words, Arena *arena,
                       Problems *problems);

/** Adds a problem where the test of a claim does not go with what its measurement holds. */
void claim_test_check(const Claim *claim, bool is_text, Place place, Problems *problems);

/** Reads `expect` into experiment->claims. */
void claims_read(Experiment *experiment, const Yaml *node, Problems *problems);

#endif
