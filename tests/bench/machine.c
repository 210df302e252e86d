#include "tests/bench/machine.h"

#include "sim/base/pool.h"
#include "sim/base/version.h"
#include "tests/bench/child.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static void find_processor(char *out, int size) {
    char line[256], name[64] = "unknown processor";
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "model name : %63[^\n]", name) == 1)
            break;
    if (file)
        fclose(file);
    snprintf(out, (size_t)size, "%s, %d threads", name, pool_processors());
}

static void find_version(char *out, int size) {
    Child git;
    const char *words[] = {"git", "describe", "--always", "--dirty", NULL};
    bool is_found = child_run(words, &git) && git.code == 0;
    snprintf(out, (size_t)size, "%s", is_found ? text_of(&git.output) : SUPERPOSE_VERSION);
    out[strcspn(out, "\n")] = '\0';
    text_release(&git.output);
}

Machine machine_here(void) {
    Machine machine;
    time_t now = time(NULL);
    strftime(machine.date, sizeof machine.date, "%Y-%m-%d %H:%M", localtime(&now));
    find_processor(machine.processor, sizeof machine.processor);
    find_version(machine.version, sizeof machine.version);
    return machine;
}
