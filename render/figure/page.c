/* From the top: title, how to read it, colour scales, body, claims. Widths first, then heights. */
#include "render/figure/page.h"

#include "render/draw/label.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { MAX_CLAIMS = 12 };
static const double min_width = 600, claims_width = 960, claim_height = 19, claim_indent = 74,
                    scale_gap = 36;

/* The page with everything that its layout needs. */
typedef struct Layout {
    Page page;
    const char *title;    /* markup */
    const char *subtitle; /* markup: what is common, how to read it */
    const StoredClaim *claims;
    int n_claims;
    double width, top;       /* of the page; of the body */
    double scales_y, footer; /* baseline of the scales; top of the claims */
    Arena *arena;
} Layout;

static void draw_heading(const Layout *layout, cairo_t *cairo, const Style *style) {
    const Page *page = &layout->page;
    double inner = layout->width - 2 * style->margin, x = layout->width - style->margin;
    label_draw(cairo, style, (Label){TEXT_TITLE, ALIGN_LEFT, inner}, style->ink, style->margin,
               style->margin + 16, layout->title);
    label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, inner}, style->muted, style->margin,
               style->margin + 40, layout->subtitle);
    for (int i = page->n_scales - 1; i >= 0; i--)
        x -= color_scale_draw(cairo, style, &page->scales[i], x, layout->scales_y) + scale_gap;
}

/* A tick in a disc, a cross in a diamond, an empty ring: shape says it before colour does. */
static void draw_mark(cairo_t *cairo, const Style *style, const char *state, double x, double y) {
    const double r = 5.5;
    bool is_held = strcmp(state, "held") == 0, is_broken = strcmp(state, "not held") == 0;
    cairo_save(cairo);
    cairo_translate(cairo, x, y);
    cairo_set_line_width(cairo, 1.4);
    canvas_set_color(cairo, is_held ? style->held : is_broken ? style->broken : style->muted);
    if (is_broken) {
        cairo_move_to(cairo, 0, -r * 1.2);
        cairo_line_to(cairo, r * 1.2, 0);
        cairo_line_to(cairo, 0, r * 1.2);
        cairo_line_to(cairo, -r * 1.2, 0);
        cairo_close_path(cairo);
        cairo_fill(cairo);
    } else {
        cairo_arc(cairo, 0, 0, is_held ? r : r - 0.7, 0, 2 * M_PI);
        is_held ? cairo_fill(cairo) : cairo_stroke(cairo);
    }
    canvas_set_color(cairo, style->background);
    if (is_held) {
        cairo_move_to(cairo, -2.6, 0.2);
        cairo_line_to(cairo, -0.7, 2.1);
        cairo_line_to(cairo, 2.7, -1.9);
    } else if (is_broken) {
        cairo_move_to(cairo, -1.9, -1.9);
        cairo_line_to(cairo, 1.9, 1.9);
        cairo_move_to(cairo, 1.9, -1.9);
        cairo_line_to(cairo, -1.9, 1.9);
    }
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

/* What was found, and why it was to be expected that the claim does not hold. */
static const char *finding_markup(const StoredClaim *claim, Arena *arena) {
    const char *verb = strcmp(claim->state, "skipped") == 0 ? "" : "found ";
    const char *found =
        claim->found && *claim->found ? arena_print(arena, ": %s%s", verb, claim->found) : "";
    const char *known = claim->known ? arena_print(arena, " (%s)", claim->known) : "";
    return label_escape(arena, arena_print(arena, "%s%s", found, known));
}

/* Where a claim is too long for the page its text is cut, not what was found. */
static void draw_claim(const Layout *layout, const StoredClaim *claim, cairo_t *cairo, double y,
                       const Style *style) {
    const Label label = {TEXT_SMALL, ALIGN_LEFT, 0};
    double x = style->margin, room = layout->width - 2 * style->margin - claim_indent;
    const char *finding = finding_markup(claim, layout->arena);
    draw_mark(cairo, style, claim->state, x + 7, y - 4);
    label_draw(cairo, style, label, style->ink, x + 20, y, claim->state);
    x += claim_indent;
    double text_room = fmax(room - label_width(style, label, finding), room / 3);
    double used = label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_LEFT, text_room}, style->muted,
                             x, y, label_escape(layout->arena, claim->text));
    label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_LEFT, room - used}, style->muted, x + used,
               y, finding);
}

static void draw_claims(const Layout *layout, cairo_t *cairo, const Style *style) {
    int n_shown = layout->n_claims > MAX_CLAIMS ? MAX_CLAIMS - 1 : layout->n_claims;
    double x = style->margin, y = layout->footer, inner = layout->width - 2 * style->margin;
    if (!layout->n_claims)
        return;
    canvas_set_color(cairo, style->faint);
    cairo_set_line_width(cairo, style->hairline);
    cairo_move_to(cairo, x, y);
    cairo_line_to(cairo, x + inner, y);
    cairo_stroke(cairo);
    y += 5;
    for (int i = 0; i < n_shown; i++) {
        y += claim_height;
        draw_claim(layout, &layout->claims[i], cairo, y, style);
    }
    if (n_shown < layout->n_claims)
        label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_LEFT, 0}, style->muted, x + 20,
                   y + claim_height,
                   arena_print(layout->arena, "and %d more", layout->n_claims - n_shown));
}

static void draw_page(const void *content, cairo_t *cairo, const Style *style) {
    const Layout *layout = content;
    Rect body = {style->margin, layout->top, layout->width - 2 * style->margin,
                 layout->page.height};
    draw_heading(layout, cairo, style);
    layout->page.draw_body(layout->page.content, cairo, body, style);
    draw_claims(layout, cairo, style);
}

static double scales_width(const Page *page, const Style *style) {
    double width = 0;
    for (int i = 0; i < page->n_scales; i++)
        width += color_scale_width(style, &page->scales[i]) + (i ? scale_gap : 0);
    return width;
}

/* What the claims would like, up to a limit: beyond it they end in an ellipsis. */
static double claims_wish(const Layout *layout, const Style *style) {
    double width = 0;
    const Label label = {TEXT_SMALL, ALIGN_LEFT, 0};
    for (int i = 0; i < layout->n_claims && i < MAX_CLAIMS; i++) {
        const StoredClaim *claim = &layout->claims[i];
        double text = label_width(style, label, label_escape(layout->arena, claim->text));
        double finding = label_width(style, label, finding_markup(claim, layout->arena));
        width = fmax(width, claim_indent + text + finding + 2);
    }
    return fmin(width, claims_width);
}

/* Fills in the layout's measures and returns the page's height. */
static double lay_out(Layout *layout, const Style *style) {
    const Page *page = &layout->page;
    double scales = scales_width(page, style);
    double subtitle = label_width(style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, layout->subtitle);
    double title = label_width(style, (Label){TEXT_TITLE, ALIGN_LEFT, 0}, layout->title);
    double inner = fmax(fmax(fmax(page->width, min_width), claims_wish(layout, style)),
                        fmax(fmax(scales, subtitle), fmin(ceil(title), claims_width)));
    bool is_one_line = subtitle + scale_gap + scales <= inner;
    layout->width = ceil(inner + 2 * style->margin);
    layout->scales_y = style->margin + (is_one_line || !page->n_scales ? 40 : 64);
    layout->top = layout->scales_y + 26;
    layout->footer = layout->top + page->height + 20;
    int n_claims = layout->n_claims > MAX_CLAIMS ? MAX_CLAIMS : layout->n_claims;
    double end = n_claims ? layout->footer + 5 + n_claims * claim_height : layout->footer - 20;
    return ceil(end + style->margin * 0.9);
}

/* Leaves out what belongs to other figures. */
static int select_claims(StoredClaim *claims, int n, const char *figure) {
    int n_kept = 0;
    for (int i = 0; i < n; i++)
        if (!claims[i].figure || strcmp(claims[i].figure, figure) == 0)
            claims[n_kept++] = claims[i];
    return n_kept;
}

bool page_compose(const Page *page, const FigureInput *input, Picture *picture, Error *error) {
    const FigureSettings *settings = input->settings;
    const char *title = strcmp(settings->title, "auto") != 0
                            ? settings->title
                            : store_fact(input->store, "title", input->arena);
    if (!title || !*title)
        title = store_fact(input->store, "name", input->arena);
    title = title ? title : "";
    Layout *layout = ARENA_NEW(input->arena, Layout, 1);
    StoredClaim *claims;
    layout->page = *page;
    layout->arena = input->arena;
    layout->title = label_escape(input->arena, title);
    layout->subtitle =
        page->common ? arena_print(input->arena, "%c%s. %s", toupper((unsigned char)*page->common),
                                   page->common + 1, page->subtitle)
                     : page->subtitle;
    if (!store_claims(input->store, input->arena, &claims, &layout->n_claims, error))
        return false;
    layout->claims = claims;
    layout->n_claims = select_claims(claims, layout->n_claims, input->name);
    double height = lay_out(layout, input->style);
    *picture = (Picture){layout->width, height, title, layout, draw_page};
    return true;
}
