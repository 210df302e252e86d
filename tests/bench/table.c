#include "tests/bench/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void put(const TableColumn *column, const char *text, const char *end) {
    printf(column->format ? "%*s%s" : "%-*s%s", column->width, text, end);
}

static const char *cell_text(const TableColumn *column, const char *format, const Cell *cell,
                             char buffer[64]) {
    if (!column->format)
        return cell->text;
    if (isnan(cell->number))
        return "";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* formats are constants of the columns */
    snprintf(buffer, 64, format, cell->number);
#pragma GCC diagnostic pop
    return buffer;
}

void table_heads(const TableColumn *columns, int n_columns) {
    for (int i = 0; i < n_columns; i++)
        if (columns[i].head)
            put(&columns[i], columns[i].head, "  ");
    putchar('\n');
}

void table_row(const TableColumn *columns, int n_columns, const Cell *cells) {
    char buffer[64];
    for (int i = 0; i < n_columns; i++)
        if (columns[i].head)
            put(&columns[i], cell_text(&columns[i], columns[i].format, &cells[i], buffer), "  ");
    putchar('\n');
    fflush(stdout);
}

void table_csv_heads(const TableColumn *columns, int n_columns, Text *csv) {
    for (int i = 0; i < n_columns; i++)
        text_add(csv, "%s%s", i ? "," : "", columns[i].name);
    text_append(csv, "\n");
}

void table_csv_row(const TableColumn *columns, int n_columns, const Cell *cells, Text *csv) {
    char buffer[64];
    for (int i = 0; i < n_columns; i++) {
        const char *quote = columns[i].format ? "" : "\"";
        text_add(csv, "%s%s%s%s", i ? "," : "", quote,
                 cell_text(&columns[i], "%.6g", &cells[i], buffer), quote);
    }
    text_append(csv, "\n");
}

bool table_csv_write(const Text *csv, const char *path) {
    FILE *file = fopen(path, "w");
    bool is_written = file && fputs(text_of(csv), file) >= 0;
    is_written = file && fclose(file) == 0 && is_written;
    if (!is_written)
        fprintf(stderr, "cannot write %s\n", path);
    return is_written;
}
