/* render/figure: the rows `figures` of a stored config, and what the program says of its kinds. */
#include "render/figure/describe.h"
#include "render/figure/rows.h"
#include "tests/figure_bench.h"

#include <criterion/criterion.h>
#include <jansson.h>

Test(rows, are_those_of_the_stored_config) {
    Bench bench;
    bench_open(&bench, &basic_shape, STORE_READ);
    Problems problems = {.arena = &bench.arena};
    Choices rows = rows_read(bench.store, bench.path, &bench.arena, &problems);
    cr_assert(rows.n == 1 && problems.n == 0);
    cr_assert_str_eq(rows.items[0].kind->name, "gram");
    cr_assert_str_eq(figure_file_name(&rows.items[0]), "basic");
    cr_assert_eq(((const FigureSettings *)rows.items[0].settings)->theme, THEME_DARK);
    static const struct {
        const char *name, *kind, *file;
    } selected[] = {{"gram", "gram", "basic"},
                    {"basic", "gram", "basic"},
                    {"directions", "directions", "directions"}};
    for (int i = 0; i < 3; i++) {
        Choices chosen = rows_select(&rows, selected[i].name, &bench.arena, &problems);
        cr_assert(chosen.n == 1 && problems.n == 0, "%s", selected[i].name);
        cr_assert_str_eq(chosen.items[0].kind->name, selected[i].kind);
        cr_assert_str_eq(figure_file_name(&chosen.items[0]), selected[i].file);
    }
    bench_close(&bench);
}

static void check_problem(const char *config, const char *select, const char *const *parts) {
    StoreShape shape = intro_shape;
    Bench bench;
    Text text = {0};
    shape.config = config;
    bench_open(&bench, &shape, STORE_READ);
    Problems problems = {.arena = &bench.arena};
    Choices rows = rows_read(bench.store, "x.db", &bench.arena, &problems);
    if (select)
        rows_select(&rows, select, &bench.arena, &problems);
    problems_print(&problems, &text);
    cr_assert_gt(problems.n, 0, "%s", config);
    for (; *parts; parts++)
        cr_assert_not_null(strstr(text_of(&text), *parts), "%s: %s", config, text_of(&text));
    text_release(&text);
    bench_close(&bench);
}

Test(rows, problems_have_their_place_and_the_nearest_name) {
    check_problem("figures: [gram, diretions]\n", NULL,
                  (const char *const[]){"x.db: config:1:17: ", "diretions", "directions", NULL});
    check_problem("figures: [gram]\n", "grm", (const char *const[]){"-k: ", "grm", "gram", NULL});
    check_problem("figures: [{kind: gram, colums: 3}]\n", NULL,
                  (const char *const[]){"x.db: config:1:24: ", "colums", "columns", NULL});
    check_problem("figures: {kind: gram}\n", NULL,
                  (const char *const[]){"x.db: config:1:10: figures: must be a list", NULL});
    check_problem(
        "figures: [gram, gram]\n", NULL,
        (const char *const[]){"x.db: config:1:17: figures: two rows are called gram", NULL});
    check_problem("figures: [{kind: gram, name: ../x}]\n", NULL,
                  (const char *const[]){"x.db: config:1:11: figures: the name ../x must be", NULL});
}

Test(describe, is_json_that_names_every_kind_and_setting) {
    const KindTable *tables[] = {&figure_table};
    Text text = {0};
    describe_tables(tables, 1, &text);
    json_t *root = json_loads(text_of(&text), 0, NULL);
    cr_assert_not_null(root);
    const json_t *kinds =
        json_object_get(json_object_get(json_object_get(root, "tables"), "figures"), "kinds");
    cr_assert_eq(json_array_size(kinds), (size_t)figure_table.n_rows);
    for (int k = 0; k < figure_table.n_rows; k++) {
        const json_t *kind = json_array_get(kinds, (size_t)k);
        cr_assert_str_eq(json_string_value(json_object_get(kind, "name")),
                         figure_table.rows[k]->name);
        cr_assert_not_null(json_object_get(kind, "summary"));
        cr_assert_eq(json_array_size(json_object_get(kind, "settings")),
                     (size_t)(figure_table.n_fields + figure_table.rows[k]->n_fields));
    }
    json_decref(root);
    text_release(&text);
}
