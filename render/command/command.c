#include "render/command/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ExitCode render_fail(ExitCode code, const char *text) {
    fprintf(stderr, "superpose-render: %s\n", text);
    return code;
}

ExitCode render_fail_about(ExitCode code, const char *about, const char *text) {
    fprintf(stderr, "superpose-render: %s: %s\n", about, text);
    return code;
}

ExitCode render_fail_with(const Problems *problems) {
    Text text = {0};
    problems_print(problems, &text);
    fputs(text_of(&text), stderr);
    if (text.n && text.data[text.n - 1] != '\n')
        fputc('\n', stderr);
    text_release(&text);
    return EXIT_USAGE;
}

static const OptionSlot *find_slot(const OptionSlot *slots, int n, const char *word) {
    for (int i = 0; i < n; i++)
        if (strcmp(slots[i].name, word) == 0)
            return &slots[i];
    return NULL;
}

ExitCode render_sort(int argc, char **argv, const OptionSlot *slots, int n_slots,
                     const char **words, int *n_words) {
    *n_words = 0;
    for (int i = 0; i < argc; i++) {
        const OptionSlot *slot = find_slot(slots, n_slots, argv[i]);
        if (slot && slot->value && i + 1 == argc)
            return render_fail_about(EXIT_USAGE, argv[i], "a value must follow");
        if (slot && slot->value)
            *slot->value = argv[++i];
        else if (slot)
            *slot->is_given = true;
        else if (argv[i][0] == '-')
            return render_fail_about(EXIT_USAGE, argv[i],
                                     "unknown option; superpose-render --help");
        else
            words[(*n_words)++] = argv[i];
    }
    return EXIT_DONE;
}

ExitCode render_integer(const char *text, const char *option, long long least, long long most,
                        long long *number) {
    char *end, why[128];
    if (!text)
        return EXIT_DONE;
    errno = 0;
    *number = strtoll(text, &end, 10);
    if (!errno && end != text && !*end && *number >= least && *number <= most)
        return EXIT_DONE;
    snprintf(why, sizeof why, "takes a whole number from %lld to %lld", least, most);
    return render_fail_about(EXIT_USAGE, option, why);
}

ExitCode render_real(const char *text, const char *option, double least, double most,
                     double *number) {
    char *end, why[128];
    if (!text)
        return EXIT_DONE;
    *number = strtod(text, &end);
    if (end != text && !*end && *number >= least && *number <= most)
        return EXIT_DONE;
    snprintf(why, sizeof why, "takes a number from %g to %g", least, most);
    return render_fail_about(EXIT_USAGE, option, why);
}

ExitCode render_theme(const char *name, int *theme) {
    if (!name)
        return EXIT_DONE;
    bool is_dark = strcmp(name, "dark") == 0;
    if (!is_dark && strcmp(name, "light") != 0)
        return render_fail_about(EXIT_USAGE, name, "--theme is light or dark");
    *theme = is_dark ? THEME_DARK : THEME_LIGHT;
    return EXIT_DONE;
}
