/* OKLCH → sRGB, and the maps computed from it. A colour that sRGB cannot show loses chroma until it
 * can, so lightness is what was asked for: monotone maps stay monotone. */
#include "render/draw/color.h"

#include <math.h>
#include <stdbool.h>

typedef struct Linear {
    double red, green, blue; /* linear light; outside [0, 1]: not in sRGB */
} Linear;

static Linear linear_of_oklch(double lightness, double chroma, double hue) {
    double a = chroma * cos(hue * M_PI / 180), b = chroma * sin(hue * M_PI / 180);
    double l = pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
    double m = pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
    double s = pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
    return (Linear){4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
                    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
                    -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
}

static bool in_gamut(Linear c) {
    const double slack = 1e-6;
    return c.red >= -slack && c.red <= 1 + slack && c.green >= -slack && c.green <= 1 + slack &&
           c.blue >= -slack && c.blue <= 1 + slack;
}

static double clamp(double value, double low, double high) {
    return value > low ? (value < high ? value : high) : low;
}

static double encode(double x) {
    x = clamp(x, 0, 1);
    return x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055;
}

static double decode(double x) {
    return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

Color color_of_oklch(double lightness, double chroma, double hue) {
    Linear best = linear_of_oklch(lightness, chroma, hue);
    if (!in_gamut(best)) {
        double low = 0, high = chroma;
        for (int i = 0; i < 30; i++) {
            double middle = (low + high) / 2;
            if (in_gamut(linear_of_oklch(lightness, middle, hue)))
                low = middle;
            else
                high = middle;
        }
        best = linear_of_oklch(lightness, low, hue);
    }
    return (Color){encode(best.red), encode(best.green), encode(best.blue), 1};
}

double color_lightness(Color c) {
    double red = decode(c.red), green = decode(c.green), blue = decode(c.blue);
    double l = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
    double m = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
    double s = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
    return 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
}

double color_luminance(Color c) {
    return 0.2126 * decode(c.red) + 0.7152 * decode(c.green) + 0.0722 * decode(c.blue);
}

double color_contrast(Color a, Color b) {
    double x = color_luminance(a) + 0.05, y = color_luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

Color color_okabe_ito(int index) {
    static const unsigned char table[8][3] = {{0, 0, 0},     {230, 159, 0},  {86, 180, 233},
                                              {0, 158, 115}, {240, 228, 66}, {0, 114, 178},
                                              {213, 94, 0},  {204, 121, 167}};
    const unsigned char *c = table[((index % 8) + 8) % 8];
    return (Color){c[0] / 255.0, c[1] / 255.0, c[2] / 255.0, 1};
}

Color color_sequential(double t, double from, double to) {
    t = clamp(t, 0, 1);
    return color_of_oklch(from + (to - from) * t, 0.15 + 0.02 * t, 300 - 200 * t);
}

Color color_diverging(double v, double center, double end) {
    v = isnan(v) ? 0 : clamp(v, -1, 1);
    double strength = fabs(v);
    return color_of_oklch(center + (end - center) * strength, 0.16 * pow(strength, 0.8),
                          v < 0 ? 252 : 52);
}
