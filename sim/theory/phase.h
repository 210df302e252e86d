/* Phase change: what the last feature gets in models of 2 features in 1 dimension (2->1) and of 3
 * in 2 (3->2). The last feature has importance r, the others 1; all are active with density s = 1 -
 * S and then uniform on [0, 1].
 *
 * These are the paper's idealised models: weights of ±1 and 0, biases 0 or the mean (Elhage et al.
 * 2022, "Superposition as a phase change", theory code by Wattenberg). The real optimum is a little
 * lower and its boundary elsewhere: phase_optimum.h. */
#ifndef SUPERPOSE_THEORY_PHASE_H
#define SUPERPOSE_THEORY_PHASE_H

typedef enum PhaseClass {
    PHASE_NOT_REPRESENTED,
    PHASE_SUPERPOSITION,
    PHASE_DEDICATED,
    N_PHASE_CLASSES
} PhaseClass;

typedef enum PhaseCandidate {
    PHASE_IGNORE_FIRST,   /* f: W orthogonal to the first feature, bias s/2 for it */
    PHASE_IGNORE_LAST,    /* g: the last feature is ignored so */
    PHASE_ANTIPODAL_LAST, /* h_last: the last opposite to one of the others */
    PHASE_ANTIPODAL_FIRST /* h_first: two others opposite; the last has its own; 3->2 only */
} PhaseCandidate;

typedef struct PhaseIdeal {
    PhaseCandidate candidate;
    PhaseClass class;
    double loss;
} PhaseIdeal;

/** "not represented", "superposition", "dedicated dimension": the paper's words. */
const char *phase_class_name(PhaseClass class);

/** The class of the last feature by its norm ||W_i|| and interference sum_{j != i} (W_i/||W_i|| .
 * W_j)^2: not represented up to a norm of 0.5; in superposition above an interference of 1/4 (one
 * other feature of length 1 at less than 60 degrees from its line). */
PhaseClass phase_class_of(double norm, double interference);

/** The candidate's loss at density s in (0, 1] and importance r > 0 of the last feature:
 *   f = s/3 - s^2/4,  g = r f,  h_last = (1 + r) s^2/6,  h_first = s^2/3. */
double phase_candidate_loss(PhaseCandidate candidate, double s, double r);

/** The class of the last feature in the candidate. */
PhaseClass phase_candidate_class(PhaseCandidate candidate);

/** The best candidate for n_features 2 (f, g, h_last) or 3 (all); the first in the enum's order
 * where several are equal. */
PhaseIdeal phase_ideal(int n_features, double s, double r);

/** The density below which the best candidate has the last feature in superposition, in closed
 * form: for 2->1 s = min(4r / (5r + 2), 4 / (2r + 5)), for 3->2 the first of these for r <= 1 and 0
 * (never) for r > 1. Above it the last feature is not represented for r < 1 and dedicated for r
 * > 1. All meet at the triple point r = 1, s = 4/7. */
double phase_boundary(int n_features, double r);

#endif
