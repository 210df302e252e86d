#include "sim/command/tables.h"

#include "sim/metric/metric.h"
#include "sim/summary/summary.h"

#include <stdio.h>
#include <string.h>

const KindTable *const tables[] = {&data_table,     &model_table,  &task_table,   &optimizer_table,
                                   &schedule_table, &metric_table, &summary_table};
const int n_tables = sizeof tables / sizeof *tables;

bool table_is_meant(const char *name, const char *word) {
    size_t n = strlen(name);
    if (strncmp(word, name, n) == 0 && (word[n] == '\0' || strcmp(word + n, "s") == 0))
        return true;
    return n > 1 && name[n - 1] == 'y' && strncmp(word, name, n - 1) == 0 &&
           strcmp(word + n - 1, "ies") == 0;
}

json_t *render_describe(const Program *program) {
    if (!program->render)
        return NULL;
    Text line = {0};
    text_add(&line, "'");
    for (const char *c = program->render; *c;
         c++) /* a quote in a path: close, escaped quote, open */
        text_add(&line, *c == '\'' ? "'\\''" : "%c", *c);
    text_add(&line, "' --describe");
    FILE *pipe = popen(text_of(&line), "r");
    text_release(&line);
    if (!pipe)
        return NULL;
    json_t *described = json_loadf(pipe, 0, NULL);
    pclose(pipe);
    return described;
}
