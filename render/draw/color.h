/* Color: sRGB for the surface, OKLCH for thinking. All maps of the house are computed in OKLab
 * (Ottosson 2020, "A perceptual color space for image processing"), where equal steps look equal.
 */
#ifndef SUPERPOSE_RENDER_DRAW_COLOR_H
#define SUPERPOSE_RENDER_DRAW_COLOR_H

typedef struct Color {
    double red, green, blue, alpha; /* sRGB (gamma encoded), each in [0, 1] */
} Color;

/** The opaque colour of lightness in [0, 1], chroma >= 0 and hue in degrees; chroma is lowered, and
 * lightness and hue kept, where sRGB has no such colour. */
Color color_of_oklch(double lightness, double chroma, double hue);

/** OKLab lightness in [0, 1]. */
double color_lightness(Color color);

/** Relative luminance (WCAG 2.1) in [0, 1]. */
double color_luminance(Color color);

/** Contrast ratio (WCAG 2.1) in [1, 21]: 3 is enough for graphics, 4.5 for text. */
double color_contrast(Color a, Color b);

/** The eight colours of Okabe and Ito (2008), told apart by colour-blind eyes too; `index` wraps.
 */
Color color_okabe_ito(int index);

/** Perceptual map with viridis' order of hues: t in [0, 1] from violet over teal to yellow,
 * lightness linear in t from `from` to `to`; t is clamped. */
Color color_sequential(double t, double from, double to);

/** Map centred on 0: v in [-1, 1] from blue over `center` lightness to orange; -v and v have the
 * same lightness; v is clamped, NaN gives the centre. `end` is the lightness at both ends. */
Color color_diverging(double v, double center, double end);

#endif
