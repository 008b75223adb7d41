/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "maps/map_labels.h"

#include <string.h>

#include "arena/arena.h"

/* Widths in em, rounded up over Segoe UI, San Francisco, Roboto, DejaVu Sans and Liberation Sans. */
static double character_width(unsigned char c)
{
    if ((c & 0xC0) == 0x80) /* the rest of a character already counted */
        return 0;
    if (strchr("iljI.,:;'|!() ", c))
        return 0.40;
    if (strchr("mwMW@%", c))
        return 0.98;
    if (c >= 0x80)
        return 0.68;
    return c >= 'A' && c <= 'Z' ? 0.76 : 0.63;
}

static double em_width(const struct map_label *l)
{
    double em = 0;
    for (const char *p = l->text; *p; p++)
        em += character_width((unsigned char)*p);
    return l->kind == MAP_LABEL_BIG ? em * 1.1 : em;
}

static const double ascent = 0.8, descent = 0.24;

struct map_rect map_label_rect(const struct map_label *l, double size)
{
    static const double share[] = {[MAP_START] = 0, [MAP_MIDDLE] = 0.5, [MAP_END] = 1};
    double width = l->em * size, left = l->from.x - width * share[l->anchor];
    double baseline = l->from.y + l->lean * size;
    return (struct map_rect){left, baseline - ascent * size, left + width, baseline + descent * size};
}

static bool overlap(struct map_rect a, struct map_rect b)
{
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

static const struct position {
    double x, y; /* direction from the point */
    enum map_anchor anchor;
} positions[] = {{1, 0, MAP_START},      {-1, 0, MAP_END},      {0, -1, MAP_MIDDLE},   {0, 1, MAP_MIDDLE},
                 {0.8, -0.8, MAP_START}, {0.8, 0.8, MAP_START}, {-0.8, -0.8, MAP_END}, {-0.8, 0.8, MAP_END},
                 {0, -1, MAP_START},     {0, -1, MAP_END},      {0, 1, MAP_START},     {0, 1, MAP_END}};

static void try_position(struct map_label *l, const struct position *p, double away)
{
    l->anchor = p->anchor;
    l->from = (struct map_xy){l->at.x + p->x * away, l->at.y + p->y * away};
    l->lean = p->y < 0 ? -descent : p->y > 0 ? ascent : 0.36; /* above, below, beside */
}

struct placing {
    const struct map_view *view;
    struct map_rect *taken; /* obstacles first, then labels */
    size_t taken_count, obstacle_count;
};

static bool is_free(const struct placing *p, struct map_rect r)
{
    const double edge = 4, gap = 5;
    if (r.left < edge || r.top < edge || r.right > p->view->width - edge || r.bottom > p->view->height - edge)
        return false;
    struct map_rect apart = {r.left - gap, r.top, r.right + gap, r.bottom};
    for (size_t i = 0; i < p->taken_count; i++)
        if (overlap(i < p->obstacle_count ? r : apart, p->taken[i]))
            return false;
    return true;
}

static bool place_at_size(struct placing *p, struct map_label *l, double size)
{
    for (size_t i = 0; i < COUNT(positions) * (l->far > l->clear ? 2 : 1); i++) {
        try_position(l, &positions[i % COUNT(positions)], i < COUNT(positions) ? l->clear : l->far);
        struct map_rect r = map_label_rect(l, size);
        if (is_free(p, r)) {
            p->taken[p->taken_count++] = r;
            return true;
        }
    }
    return false;
}

size_t map_labels_place(struct arena *a, const struct map_view *view, struct map_label *labels, size_t count,
                        const struct map_rect *obstacles, size_t obstacle_count)
{
    struct placing p = {view, NEW(a, struct map_rect, obstacle_count + count + 1), obstacle_count,
                        obstacle_count};
    if (obstacle_count)
        memcpy(p.taken, obstacles, obstacle_count * sizeof *obstacles);
    size_t placed = 0;
    for (size_t i = 0; i < count; i++) {
        struct map_label *l = &labels[i];
        l->em = em_width(l);
        l->placed = place_at_size(&p, l, MAP_TEXT_NARROW);
        if (!l->placed)
            l->placed = l->minor = place_at_size(&p, l, MAP_TEXT_MIDDLE);
        placed += l->placed;
    }
    return placed;
}
