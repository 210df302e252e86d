#include "sim/theory/phase.h"

#include <assert.h>
#include <math.h>

static const double represented_norm = 0.5;
static const double shared_interference = 0.25;

const char *phase_class_name(PhaseClass class) {
    static const char *const names[N_PHASE_CLASSES] = {[PHASE_NOT_REPRESENTED] = "not represented",
                                                       [PHASE_SUPERPOSITION] = "superposition",
                                                       [PHASE_DEDICATED] = "dedicated dimension"};
    return names[class];
}

PhaseClass phase_class_of(double norm, double interference) {
    if (norm <= represented_norm)
        return PHASE_NOT_REPRESENTED;
    return interference > shared_interference ? PHASE_SUPERPOSITION : PHASE_DEDICATED;
}

/* An ignored feature errs by its variance, E x^2 - (E x)^2 = s/3 - s^2/4; an antipodal pair, where
 * both are active, by the smaller value at each: E min(x, y)^2 = 1/6. */
double phase_candidate_loss(PhaseCandidate candidate, double s, double r) {
    double variance = s / 3 - s * s / 4;
    switch (candidate) {
    case PHASE_IGNORE_FIRST:
        return variance;
    case PHASE_IGNORE_LAST:
        return r * variance;
    case PHASE_ANTIPODAL_LAST:
        return (1 + r) * s * s / 6;
    case PHASE_ANTIPODAL_FIRST:
        break;
    }
    return s * s / 3;
}

PhaseClass phase_candidate_class(PhaseCandidate candidate) {
    if (candidate == PHASE_IGNORE_LAST)
        return PHASE_NOT_REPRESENTED;
    return candidate == PHASE_ANTIPODAL_LAST ? PHASE_SUPERPOSITION : PHASE_DEDICATED;
}

PhaseIdeal phase_ideal(int n_features, double s, double r) {
    assert(n_features == 2 || n_features == 3);
    PhaseCandidate last = n_features == 2 ? PHASE_ANTIPODAL_LAST : PHASE_ANTIPODAL_FIRST;
    PhaseIdeal best = {.loss = HUGE_VAL};
    for (PhaseCandidate c = PHASE_IGNORE_FIRST; c <= last; c++) {
        double loss = phase_candidate_loss(c, s, r);
        if (loss < best.loss)
            best = (PhaseIdeal){c, phase_candidate_class(c), loss};
    }
    return best;
}

double phase_boundary(int n_features, double r) {
    assert(n_features == 2 || n_features == 3);
    if (n_features == 3 && r > 1)
        return 0;
    return fmin(4 * r / (5 * r + 2), 4 / (2 * r + 5));
}
