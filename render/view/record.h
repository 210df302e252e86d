/* Record: a View with a clock of its own, frame by frame into a film, without a window. */
#ifndef SUPERPOSE_RENDER_VIEW_RECORD_H
#define SUPERPOSE_RENDER_VIEW_RECORD_H

#include "render/film/film.h"
#include "render/view/view.h"

#include <stdatomic.h>

typedef struct RecordOptions {
    EncoderOptions encoder;
    double scale;   /* pixels of the film for one of the page */
    double seconds; /* how long its training is */
    double hold;    /* and how long the end of it is shown */
} RecordOptions;

/** Is told how many frames of all are done. */
typedef void RecordTold(void *context, int64_t n_done, int64_t n_frames);

/** Records a view opened with film_seconds: the same frames at any speed of the machine and number
 * of threads. Where `stop` is set it ends with the frames there are, and where all runs have
 * failed, when that was shown. Fails, leaving no file, where that cannot be made. */
bool record_view(View *view, const RecordOptions *options, const atomic_int *stop, RecordTold *told,
                 void *context, FilmResult *result, Error *error);

#endif
