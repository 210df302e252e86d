/* superpose-render: draws what superpose has stored, and shows it while it trains. Finds the
 * command, owns the signals; everything else is in render/command/, one file a command. */
#include "render/command/command.h"
#include "render/figure/describe.h"
#include "render/figure/figure.h"
#include "render/scene/scene.h"
#include "sim/base/stop.h"
#include "sim/base/version.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: superpose-render figure STORE [-k KIND] [-o FILE.svg|pdf|png] [--theme light|dark]\n"
    "                               [--quiet]\n"
    "       superpose-render view CONFIG|STORE [KEY=VALUE …] [--run I] [-j N] [--theme "
    "light|dark]\n"
    "                               [--configs FOLDER]\n"
    "       superpose-render record CONFIG|STORE -o FILE.mp4|gif|webp|DIR/ [KEY=VALUE …] [--run "
    "I]\n"
    "                               [-j N] [--scene NAME] [--seconds S] [--fps N] [--size WxH]\n"
    "                               [--scale X] [--theme light|dark] [--with-controls] [--quiet]\n"
    "       superpose-render --describe | --version | --help\n"
    "\n"
    "figure: draws every row of the figures: list in the store's config, as .svg and .png, into\n"
    "the folder named like the store; with -k only rows of that kind or name, or that kind as it\n"
    "is where the list has none; with -o that one figure into a file. Never trains.\n"
    "view: opens a window and trains in it, or replays a store; the folder has the presets.\n"
    "record: makes a film of a training, or of a store, without a window.\n";

static atomic_int stop; /* signal handlers can reach nothing else */

static void on_signal(int signal_number) {
    stop_take(&stop, signal_number);
}

static ExitCode describe(void) {
    const KindTable *tables[] = {&figure_table, &scene_table};
    Text text = {0};
    describe_tables(tables, 2, &text);
    fputs(text_of(&text), stdout);
    text_release(&text);
    return EXIT_DONE;
}

int main(int argc, char **argv) {
    const char *command = argc > 1 ? argv[1] : "";
    ExitCode code = EXIT_DONE;
    stop_listen(on_signal, true);
    if (strcmp(command, "figure") == 0)
        code = render_figure(argc - 2, argv + 2, &stop);
    else if (strcmp(command, "view") == 0)
        code = render_view(argc - 2, argv + 2, &stop);
    else if (strcmp(command, "record") == 0)
        code = render_record(argc - 2, argv + 2, &stop);
    else if (strcmp(command, "--describe") == 0)
        code = describe();
    else if (strcmp(command, "--version") == 0)
        puts("superpose-render " SUPERPOSE_VERSION);
    else if (strcmp(command, "--help") == 0 || strcmp(command, "help") == 0)
        fputs(usage, stdout);
    else if (*command)
        code = render_fail_about(EXIT_USAGE, command, "unknown command; superpose-render --help");
    else
        code = render_fail(EXIT_USAGE, "a command is needed; superpose-render --help");
    if (fflush(stdout) != 0 || ferror(stdout))
        code = render_fail(EXIT_FAILED, "stdout cannot be written");
    return (int)code;
}
