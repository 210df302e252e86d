/* The version of the program, as `--version` prints it and a store keeps it. CHANGELOG.md and
 * CITATION.cff name the same one. */
#ifndef SUPERPOSE_BASE_VERSION_H
#define SUPERPOSE_BASE_VERSION_H

#define SUPERPOSE_VERSION "0.1.0"

#endif
