/* A table of texts: aligned columns for people, CSV for programs. */
#ifndef SUPERPOSE_TESTS_BENCH_TABLE_H
#define SUPERPOSE_TESTS_BENCH_TABLE_H

#include "sim/base/text.h"

enum { TABLE_COLUMNS = 24 };

typedef struct TableColumn {
    const char *head;   /* as printed; NULL: in the CSV only */
    const char *name;   /* in the CSV */
    const char *format; /* of a double, as printed; NULL: a text. Columns of numbers end alike */
    int width;
} TableColumn;

typedef struct Cell {
    const char *text; /* where the column has no format */
    double number;    /* NaN: not measured */
} Cell;

/** Prints the heads of the columns [n_columns] to stdout. */
void table_heads(const TableColumn *columns, int n_columns);

/** Prints a row, cells [n_columns]. */
void table_row(const TableColumn *columns, int n_columns, const Cell *cells);

/** Adds the heads, or a row, to a CSV. */
void table_csv_heads(const TableColumn *columns, int n_columns, Text *csv);
void table_csv_row(const TableColumn *columns, int n_columns, const Cell *cells, Text *csv);

/** Writes the CSV to a file whose folder is there; false, with a message on stderr, where it cannot
 * be written. */
bool table_csv_write(const Text *csv, const char *path);

#endif
