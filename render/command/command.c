#include "render/command/command.h"

#include <stdio.h>
#include <string.h>

ExitCode command_fail(ExitCode code, const char *text) {
    fprintf(stderr, "superpose-render: %s\n", text);
    return code;
}

ExitCode command_fail_about(ExitCode code, const char *about, const char *text) {
    fprintf(stderr, "superpose-render: %s: %s\n", about, text);
    return code;
}

ExitCode command_fail_with(const Problems *problems) {
    Text text = {0};
    problems_print(problems, &text);
    fputs(text_of(&text), stderr);
    if (text.n && text.data[text.n - 1] != '\n')
        fputc('\n', stderr);
    text_release(&text);
    return EXIT_USAGE;
}

ExitCode command_theme(const char *name, int *theme) {
    if (!name)
        return EXIT_DONE;
    bool is_dark = strcmp(name, "dark") == 0;
    if (!is_dark && strcmp(name, "light") != 0)
        return command_fail_about(EXIT_USAGE, name, "--theme is light or dark");
    *theme = is_dark ? THEME_DARK : THEME_LIGHT;
    return EXIT_DONE;
}
