/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* map.h - a map drawn by the server as SVG: outlines, sites as dots, labels that do not collide.
 *
 * North is up. A viewBox and classes only: no inline style, no script, colours and sizes are the page's
 * (look.md, "Map"). One drawing serves every width: labels are placed for the text size of a phone, and those
 * that only fit on a wider screen are marked map-label-minor, which narrow pages hide. Sites at one point (an
 * address known by its commune only) are spread around it in a spiral, so that each can be reached.
 *
 * The page shows the same sites in a list or table beside; the map's links therefore stay out of the tab
 * order unless asked for. */
#ifndef GRAPPE_MAP_H
#define GRAPPE_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "geo/distance.h"
#include "geo/outlines.h"
#include "html/html.h"

struct arena;

enum { MAP_WIDTH = 640 }; /* user units; a unit is a CSS pixel at that width */

enum map_size { MAP_SIZE_UNKNOWN, MAP_SMALL, MAP_MEDIUM, MAP_LARGE };

struct map_site {
    const char *name;    /* shown when pointed at, read aloud: "Décolletage Vuillet, Villers-le-Lac" */
    const char *href;    /* NULL: no link */
    const char *id;      /* data-id, by which list and map light each other; NULL: none */
    struct geo_point at; /* unknown: counted, not drawn */
    enum map_size size;
    bool member;       /* filled; others hollow */
    const char *label; /* written beside the dot when there is room; NULL: none */
    int priority;      /* labels of higher priority are placed first */
};

struct map_town {
    const char *name;
    struct geo_point at;
    double weight; /* population: the heavier is labelled first */
    bool big;      /* label in bold */
};

struct geo_box {
    double south, west, north, east; /* degrees */
};

struct map {
    const char *id;          /* of the svg's title and description; NULL: "map" */
    const char *title;       /* required */
    const char *description; /* NULL: a sentence that counts what is drawn */
    const struct map_site *sites;
    size_t site_count;
    const struct map_town *towns; /* those outside the frame are passed over */
    size_t town_count;
    const struct geo_outlines *areas; /* hairlines; where their groups differ, stronger. NULL: none */
    const struct markup *background;  /* instead of areas: what map_background gave for this very frame */
    struct geo_point centre;          /* of a search; drawn when reach_km > 0 */
    double reach_km;
    struct geo_box box; /* what to show; all zero: what the sites need */
    bool in_tab_order;
    bool standalone; /* a file of its own (download, PDF): carries its colours */
};

struct map_report { /* what the page says under the map */
    size_t drawn, outside, unlocated, labels;
};

/* The frame a map will have: so that the caller can choose its towns. A few sites far from the rest do not
 * shrink everybody else to a point: they are outside. No site and no reach: box (0,0,0,0). Cost O(n log
 * n). */
struct geo_box map_frame(struct arena *, const struct map *);

/* The outlines of a frame alone: they cost more than all the rest and change only with an import, so a page
 * that is asked for often keeps them. */
struct markup map_background(struct arena *, struct geo_box, const struct geo_outlines *areas);

/* Writes one <svg class="…">. Cost O(sites + vertices + labels^2); the report may be NULL. */
void map_draw(struct arena *, struct html *, const struct map *, struct map_report *report);

#endif
