/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* map_labels.h - where the words of a map go. For draw/maps alone. */
#ifndef GRAPPE_MAP_LABELS_H
#define GRAPPE_MAP_LABELS_H

#include "maps/map_project.h"

/* Text sizes in user units: what the page's style sheet sets at its narrowest and in between (look.md,
 * "Map"). At 30 units in 640, text is 12 px or more down to a map of 256 px. */
enum { MAP_TEXT_NARROW = 30, MAP_TEXT_MIDDLE = 25, MAP_TEXT_WIDE = 19 };

enum map_anchor { MAP_START, MAP_MIDDLE, MAP_END };

enum map_label_kind { MAP_LABEL_TOWN, MAP_LABEL_BIG, MAP_LABEL_SITE };

struct map_label {
    const char *text;
    struct map_xy at; /* what it names */
    double clear;     /* units between that and the text */
    double far;       /* a second distance to try, around a crowd of dots; 0: none */
    enum map_label_kind kind;
    /* set by placing: */
    bool placed, minor; /* minor: only where the map is wide */
    double em;          /* width of the text, in text sizes */
    struct map_xy from; /* where the text hangs: x with the anchor, y with the lean */
    double lean;        /* baseline below y, in em: a smaller text stays inside the room of a larger one */
    enum map_anchor anchor;
};

struct map_rect {
    double left, top, right, bottom;
};

/* Gives each label, in the order given, the first of twelve positions around its point where it stays in the
 * frame and touches neither an obstacle nor a label placed before; at the narrow page's text size, else at
 * the middle one and minor. What fits nowhere stays out. Returns how many were placed. Cost O(labels *
 * (labels + obstacles)). Deterministic. */
size_t map_labels_place(struct arena *, const struct map_view *, struct map_label *labels, size_t count,
                        const struct map_rect *obstacles, size_t obstacle_count);

/* The rectangle of a placed label's text at a size: an upper bound for common system fonts. */
struct map_rect map_label_rect(const struct map_label *, double size);

#endif
