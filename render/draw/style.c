/* The two looks as data. Roles, not colours, are what drawing code names. */
#include "render/draw/style.h"

#define TYPE_SCALE                                                                                 \
    {                                                                                              \
        [TEXT_TITLE] = {21, true}, [TEXT_HEADING] = {13.5, true}, [TEXT_BODY] = {13, false},       \
        [TEXT_SMALL] = {                                                                           \
            11.5,                                                                                  \
            false                                                                                  \
        }                                                                                          \
    }

static const Style styles[] = {
    [THEME_LIGHT] = {.theme = THEME_LIGHT,
                     .background = {1, 1, 1, 1},
                     .ink = {0.11, 0.12, 0.15, 1},
                     .muted = {0.37, 0.39, 0.44, 1},
                     .faint = {0.82, 0.83, 0.86, 1},
                     .wash = {0.15, 0.2, 0.35, 0.06},
                     .held = {0, 0.45, 0.33, 1},
                     .broken = {0.76, 0.28, 0, 1},
                     .recording = {0.8, 0.15, 0.15, 1},
                     .fonts = TYPE_SCALE,
                     .hairline = 0.75,
                     .line = 1.25,
                     .arrow = 2.25,
                     .margin = 32},
    [THEME_DARK] = {.theme = THEME_DARK,
                    .background = {0.083, 0.086, 0.095, 1},
                    .ink = {0.93, 0.94, 0.96, 1},
                    .muted = {0.64, 0.67, 0.72, 1},
                    .faint = {0.28, 0.29, 0.32, 1},
                    .wash = {0.75, 0.82, 1, 0.08},
                    .held = {0.25, 0.78, 0.62, 1},
                    .broken = {0.98, 0.58, 0.25, 1},
                    .recording = {0.95, 0.36, 0.33, 1},
                    .fonts = TYPE_SCALE,
                    .hairline = 0.75,
                    .line = 1.25,
                    .arrow = 2.25,
                    .margin = 32},
};

const Style *style_of(Theme theme) {
    return &styles[theme];
}

Color style_weight(const Style *style, double weight) {
    return style->theme == THEME_DARK ? color_sequential(weight, 0.58, 0.92)
                                      : color_sequential(0.8 * (1 - weight), 0.3, 0.74);
}

Color style_signed(const Style *style, double value) {
    return style->theme == THEME_DARK ? color_diverging(value, 0.21, 0.78)
                                      : color_diverging(value, 0.985, 0.56);
}

static Color mix(Color a, Color b, double share) {
    return (Color){a.red + (b.red - a.red) * share, a.green + (b.green - a.green) * share,
                   a.blue + (b.blue - a.blue) * share, 1};
}

/* The light ones are too faint on white, the dark ones on black: towards the ink until they are
 * not. On black a line, of which much is dimmed at its edges, has to begin lighter. */
Color style_category(const Style *style, int index) {
    static const int order[N_CATEGORIES] = {5, 6, 3, 7, 1, 2, 0};
    Color pure = color_okabe_ito(order[index % N_CATEGORIES]), color = pure;
    if (order[index % N_CATEGORIES] == 0)
        return style->muted;
    double least = style->theme == THEME_DARK ? 4.5 : 3.1;
    for (double share = 0; color_contrast(color, style->background) < least && share < 1;)
        color = mix(pure, style->ink, share += 0.02);
    return color;
}

Color style_unselected(const Style *style, Color color) {
    return style_tint(style, color, 0.48);
}

Color style_tint(const Style *style, Color color, double share) {
    return mix(style->background, color, share);
}
