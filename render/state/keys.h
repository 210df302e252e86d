/* Keys: one table says what each does, to the View and to who asks for help. */
#ifndef SUPERPOSE_RENDER_STATE_KEYS_H
#define SUPERPOSE_RENDER_STATE_KEYS_H

#include "render/state/state.h"

/* What keys are about, in the order of help. */
typedef enum KeyGroup {
    GROUP_TIME,
    GROUP_WORLD,
    GROUP_LOOK,
    GROUP_TAKE,
    GROUP_REST,
    N_GROUPS
} KeyGroup;

/* One or more keys that do one thing. */
typedef struct KeyRow {
    KeyGroup group;
    unsigned needs;  /* a Modifier that must be held; such rows come before others of the key */
    int keys[4];     /* any of them; 0: none */
    const char *cap; /* as help shows it */
    const char *does;
    void (*act)(View *view, const Input *input);
} KeyRow;

/** Does what a key says; false: it says nothing. */
bool keys_do(View *view, const Input *input);

/** All of them [n], in the order in which they are looked through. */
const KeyRow *keys_all(int *n);

/** What a group of them is called. */
const char *keys_group_name(KeyGroup group);

#endif
