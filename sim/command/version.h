/* The program's version, in one place: `--version`, the store and the help read it. */
#ifndef SUPERPOSE_COMMAND_VERSION_H
#define SUPERPOSE_COMMAND_VERSION_H

#define SUPERPOSE_VERSION "0.1.0"

#endif
