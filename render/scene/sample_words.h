/* Sample words: what happens to one input, told in sentences that stand beside its picture. */
#ifndef SUPERPOSE_RENDER_SCENE_SAMPLE_WORDS_H
#define SUPERPOSE_RENDER_SCENE_SAMPLE_WORDS_H

#include "render/scene/sample.h"

enum { SAMPLE_WORDS = 4 };

/** What is on, what the hidden code is, what interferes, what comes out: one sentence each, for the
 * parts of the picture that have these numbers. */
void sample_words_make(const SceneInput *input, const Sample *sample,
                       const char *words[SAMPLE_WORDS]);

/** Draws them one below the other, each with its number, in lines that break where the rectangle
 * ends; those that have no room are left out. */
void sample_words_draw(cairo_t *cairo, Rect rect, const Style *style,
                       const char *const words[SAMPLE_WORDS]);

#endif
