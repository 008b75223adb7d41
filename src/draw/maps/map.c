/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "maps/map.h"

#include <stdlib.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "maps/map_borders.h"
#include "maps/map_labels.h"
#include "maps/map_project.h"
#include "number/checked.h"

static const double dot_step = 9.5;   /* between dots of one point, user units */
static const double dot_room = 9;     /* what a dot keeps free of labels */
static const double spiral_most = 52; /* radius a crowded point may take */
enum { MOST_TOWNS = 60, MOST_SITE_LABELS = 40 };

struct dot {
    struct map_xy at, true_at; /* spread, and where it really is */
    const struct map_site *site;
    size_t number; /* in the caller's order */
};

struct drawing {
    struct arena *arena;
    struct html *h;
    const struct map *map;
    struct map_view view;
    struct dot *dots; /* inside the frame; same points side by side */
    size_t dot_count;
    struct map_report report;
};

static int compare(double a, double b)
{
    return (a > b) - (a < b);
}

/* By point; within a point members first, then large ones, then as given. */
static int dot_order(const void *a, const void *b)
{
    const struct dot *x = a, *y = b;
    int order = compare(x->true_at.y, y->true_at.y);
    order = order ? order : compare(x->true_at.x, y->true_at.x);
    order = order ? order : (int)y->site->member - (int)x->site->member;
    order = order ? order : (int)y->site->size - (int)x->site->size;
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

/* A sunflower: the k-th dot of a point stands at the golden angle and sqrt(k) steps. */
static void spread(struct dot *dots, size_t count)
{
    const double golden = 2.39996322972865332;
    double widest = dot_step * sqrt((double)count - 1),
           shrink = widest > spiral_most ? spiral_most / widest : 1;
    for (size_t k = 0; k < count; k++) {
        double radius = dot_step * shrink * sqrt((double)k), angle = golden * (double)k;
        dots[k].at.x = dots[k].true_at.x + radius * cos(angle);
        dots[k].at.y = dots[k].true_at.y + radius * sin(angle);
    }
}

static void collect_dots(struct drawing *d)
{
    d->dots = NEW(d->arena, struct dot, d->map->site_count + 1);
    for (size_t i = 0; i < d->map->site_count; i++) {
        const struct map_site *s = &d->map->sites[i];
        if (!known_real(s->at.lat) || !known_real(s->at.lon)) {
            d->report.unlocated++;
            continue;
        }
        struct map_xy p = map_place(&d->view, s->at);
        if (map_inside(&d->view, p))
            d->dots[d->dot_count++] = (struct dot){p, p, s, i};
        else
            d->report.outside++;
    }
    d->report.drawn = d->dot_count;
    if (d->dot_count)
        qsort(d->dots, d->dot_count, sizeof *d->dots, dot_order);
    for (size_t i = 0, end; i < d->dot_count; i = end) {
        for (end = i + 1; end < d->dot_count && hypot(d->dots[end].true_at.x - d->dots[i].true_at.x,
                                                      d->dots[end].true_at.y - d->dots[i].true_at.y) < 0.5;)
            end++;
        spread(d->dots + i, end - i);
    }
}

static void draw_dot(const struct drawing *d, const struct dot *dot)
{
    static const char *const size_class[] = {
        [MAP_SIZE_UNKNOWN] = "map-s", [MAP_SMALL] = "map-s", [MAP_MEDIUM] = "map-m", [MAP_LARGE] = "map-l"};
    const struct map_site *s = dot->site;
    html(d->h, "<a class=\"map-site %s%s\"", size_class[s->size], s->member ? "" : " map-other");
    if (s->href)
        html(d->h, " href=\"%s\"", s->href);
    if (s->href && !d->map->in_tab_order)
        html(d->h, " tabindex=\"-1\"");
    if (s->id)
        html(d->h, " data-id=\"%s\"", s->id);
    html(d->h, " aria-label=\"%s\"><title>%s</title>", s->name, s->name);
    static const char *const parts[] = {"map-hit", "map-halo", "map-dot", "map-core"};
    const char *place = arena_print(d->arena, "M%.1f %.1fh0", dot->at.x, dot->at.y);
    for (size_t i = 0; i < COUNT(parts); i++)
        html(d->h, "<path class=\"%s\" d=\"%s\"/>", parts[i], place);
    html(d->h, "</a>");
}

/* Large ones first, so that none hides another. */
static void draw_dots(const struct drawing *d)
{
    for (int size = MAP_LARGE; size >= MAP_SIZE_UNKNOWN; size--)
        for (size_t i = 0; i < d->dot_count; i++)
            if ((int)d->dots[i].site->size == size)
                draw_dot(d, &d->dots[i]);
}

struct town {
    const struct map_town *town;
    struct map_label label;
};

static bool has_sites(const struct town *t)
{
    return t->label.far > 0;
}

/* Those with sites, big ones, by weight. */
static int town_order(const void *a, const void *b)
{
    const struct town *x = a, *y = b;
    int order = (int)has_sites(y) - (int)has_sites(x);
    order = order ? order : (int)y->town->big - (int)x->town->big;
    order = order ? order : compare(y->town->weight, x->town->weight);
    return order ? order : (x->town > y->town) - (x->town < y->town);
}

/* At most 28 characters; a longer name is cut at a character and marked. */
static const char *short_text(struct arena *a, const char *text)
{
    size_t characters = 0;
    for (const char *p = text; *p; p++)
        if (((unsigned char)*p & 0xC0) != 0x80 && ++characters > 28)
            return arena_print(a, "%.*s…", (int)(p - text), text);
    return text;
}

/* How far the dots spread around a town reach; 0 when there are none. */
static double town_crowd(const struct drawing *d, struct map_xy town)
{
    double crowd = 0;
    for (size_t i = 0; i < d->dot_count; i++) {
        const struct dot *dot = &d->dots[i];
        if (hypot(dot->true_at.x - town.x, dot->true_at.y - town.y) > 12)
            continue;
        double reach = hypot(dot->at.x - town.x, dot->at.y - town.y) + dot_room + 1;
        crowd = reach > crowd ? reach : crowd;
    }
    return crowd;
}

static struct map_label town_label(const struct drawing *d, const struct map_town *town)
{
    struct map_xy at = map_place(&d->view, town->at);
    return (struct map_label){.text = short_text(d->arena, town->name),
                              .at = at,
                              .clear = dot_room,
                              .far = town_crowd(d, at),
                              .kind = town->big ? MAP_LABEL_BIG : MAP_LABEL_TOWN};
}

/* The towns in the frame, at most MOST_TOWNS. */
static size_t choose_towns(const struct drawing *d, struct town *towns)
{
    size_t count = 0;
    for (size_t i = 0; i < d->map->town_count; i++)
        if (map_inside(&d->view, map_place(&d->view, d->map->towns[i].at)))
            towns[count++] = (struct town){&d->map->towns[i], town_label(d, &d->map->towns[i])};
    if (count)
        qsort(towns, count, sizeof *towns, town_order);
    return count < MOST_TOWNS ? count : MOST_TOWNS;
}

static int label_order(const void *a, const void *b)
{
    const struct dot *const *x = a, *const *y = b;
    int order = (*y)->site->priority - (*x)->site->priority;
    return order ? order : ((*x)->number > (*y)->number) - ((*x)->number < (*y)->number);
}

/* The sites that ask for a label, most important first. */
static size_t choose_sites(const struct drawing *d, const struct dot **dots)
{
    size_t count = 0;
    for (size_t i = 0; i < d->dot_count; i++)
        if (d->dots[i].site->label && *d->dots[i].site->label)
            dots[count++] = &d->dots[i];
    if (count)
        qsort(dots, count, sizeof(const struct dot *), label_order);
    return count < MOST_SITE_LABELS ? count : MOST_SITE_LABELS;
}

/* Room for the dots and for the scale bar at the bottom left. */
static struct map_rect *find_obstacles(const struct drawing *d, size_t *count)
{
    struct map_rect *taken = NEW(d->arena, struct map_rect, d->dot_count + 1);
    for (size_t i = 0; i < d->dot_count; i++) {
        struct map_xy p = d->dots[i].at;
        taken[i] = (struct map_rect){p.x - dot_room, p.y - dot_room, p.x + dot_room, p.y + dot_room};
    }
    taken[d->dot_count] = (struct map_rect){0, d->view.height - 58, 200, d->view.height};
    *count = d->dot_count + 1;
    return taken;
}

static void draw_label(const struct drawing *d, const struct map_label *l)
{
    static const char *const anchors[] = {[MAP_START] = "start", [MAP_MIDDLE] = "middle", [MAP_END] = "end"};
    static const char *const kinds[] = {
        [MAP_LABEL_TOWN] = "", [MAP_LABEL_BIG] = " map-label-big", [MAP_LABEL_SITE] = " map-label-site"};
    html(d->h,
         "<text class=\"map-label%s%s\" x=\"%.1f\" y=\"%.1f\" dy=\"%.2fem\" text-anchor=\"%s\">%s</text>",
         kinds[l->kind], l->minor ? " map-label-minor" : "", l->from.x, l->from.y, l->lean,
         anchors[l->anchor], l->text);
}

static struct map_label site_label(const struct drawing *d, const struct dot *dot)
{
    return (struct map_label){.text = short_text(d->arena, dot->site->label),
                              .at = dot->at,
                              .clear = dot_room + 2,
                              .kind = MAP_LABEL_SITE};
}

/* Big towns with sites are named first, then the sites that ask for it, then the other towns. */
static size_t list_labels(const struct drawing *d, struct map_label **labels)
{
    struct town *towns = NEW(d->arena, struct town, d->map->town_count + 1);
    const struct dot **sites = NEW(d->arena, const struct dot *, d->dot_count + 1);
    size_t town_count = choose_towns(d, towns), site_count = choose_sites(d, sites), count = 0, next = 0;
    *labels = NEW(d->arena, struct map_label, town_count + site_count + 1);
    while (next < town_count && has_sites(&towns[next]) && towns[next].town->big)
        (*labels)[count++] = towns[next++].label;
    for (size_t i = 0; i < site_count; i++)
        (*labels)[count++] = site_label(d, sites[i]);
    while (next < town_count)
        (*labels)[count++] = towns[next++].label;
    return count;
}

/* Town marks below the dots, words above them. A town whose name finds no room has no mark. */
static void draw_names(struct drawing *d)
{
    struct map_label *labels;
    size_t count = list_labels(d, &labels), obstacle_count;
    struct map_rect *obstacles = find_obstacles(d, &obstacle_count);
    d->report.labels = map_labels_place(d->arena, &d->view, labels, count, obstacles, obstacle_count);
    for (size_t i = 0; i < count; i++)
        if (labels[i].placed && labels[i].kind != MAP_LABEL_SITE)
            html(d->h, "<path class=\"map-town\" d=\"M%.1f %.1fh0\"/>", labels[i].at.x, labels[i].at.y);
    draw_dots(d);
    for (size_t i = 0; i < count; i++)
        if (labels[i].placed)
            draw_label(d, &labels[i]);
}

/* The longest of 1, 2, 5, 10, 20 … km that takes at most 150 units. */
static void draw_scale(const struct drawing *d)
{
    static const double steps[] = {1, 2, 5};
    double km = 0.1, best = 0.1;
    for (int power = 0; power < 6; power++, km *= 10)
        for (size_t i = 0; i < COUNT(steps); i++)
            if (km * steps[i] * d->view.km <= 150)
                best = km * steps[i];
    double y = d->view.height - 16, right = 20 + best * d->view.km;
    html(d->h, "<path class=\"map-scale\" d=\"M20 %.1fv6H%.1fv-6\"/>", y - 6, right);
    html(d->h, "<text class=\"map-label map-label-scale\" x=\"20\" y=\"%.1f\">%s km</text>", y - 14,
         number_print(d->arena, best, 1));
}

static void draw_reach(const struct drawing *d)
{
    if (!(d->map->reach_km > 0) || !known_real(d->map->centre.lat))
        return;
    struct map_xy p = map_place(&d->view, d->map->centre);
    html(d->h, "<circle class=\"map-reach\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", p.x, p.y,
         d->map->reach_km * d->view.km);
    html(d->h, "<path class=\"map-centre\" d=\"M%.1f %.1fh14M%.1f %.1fv14\"/>", p.x - 7, p.y, p.x, p.y - 7);
}

/* Colours of the light page, for a file that stands alone. */
static void draw_sheet(struct html *h)
{
    html(h, "<style>"
            ".map-ground{fill:#fbfaf7}.map-commune{fill:#fff;stroke:#e2dfd6}"
            ".map-epci{fill:none;stroke:#8d8f92;stroke-width:2.5}"
            ".map-town{stroke:#8d8f92;stroke-width:3;stroke-linecap:round}"
            ".map-label{font:19px "
            "system-ui,sans-serif;fill:#5b6068;paint-order:stroke;stroke:#fff;stroke-width:4px}"
            ".map-label-big,.map-label-site{fill:#1b1e23;font-weight:600}"
            ".map-site path{fill:none;stroke-linecap:round}.map-halo{stroke:#fff;stroke-width:11px}"
            ".map-dot{stroke:#24508c;stroke-width:8px}.map-other .map-core{stroke:#fff;stroke-width:4px}"
            ".map-l .map-halo{stroke-width:14px}.map-l .map-dot{stroke-width:11px}"
            ".map-reach{fill:none;stroke:#24508c;stroke-dasharray:2 4}"
            ".map-centre{fill:none;stroke:#a3243b;stroke-width:1.5}.map-scale{fill:none;stroke:#5b6068}"
            "</style>");
}

static const char *sentence(const struct drawing *d)
{
    size_t members = 0;
    for (size_t i = 0; i < d->dot_count; i++)
        members += d->dots[i].site->member;
    return arena_print(d->arena, tr("Sites drawn: %zu, of which members: %zu. North is up."), d->dot_count,
                       members);
}

static void draw_head(const struct drawing *d)
{
    const char *id = d->map->id ? d->map->id : "map";
    html(d->h,
         "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" role=\"group\" "
         "aria-labelledby=\"%s-t %s-d\"><title id=\"%s-t\">%s</title><desc id=\"%s-d\">%s</desc>",
         MAP_WIDTH, d->view.height, id, id, id, d->map->title, id,
         d->map->description ? d->map->description : sentence(d));
    if (d->map->standalone)
        draw_sheet(d->h);
    html(d->h, "<rect class=\"map-ground\" width=\"%d\" height=\"%.0f\"/>", MAP_WIDTH, d->view.height);
}

/* A map of nothing says so. */
static void draw_empty(struct drawing *d)
{
    d->view = (struct map_view){.width = MAP_WIDTH, .height = 240};
    draw_head(d);
    html(d->h, "<text class=\"map-label\" x=\"320\" y=\"126\" text-anchor=\"middle\">%s</text></svg>",
         tr("No place known yet"));
}

struct markup map_background(struct arena *a, struct geo_box box, const struct geo_outlines *areas)
{
    struct html *h = html_new(a, LIMIT_RESPONSE);
    struct map_view view = map_view_of(box);
    map_borders_draw(a, h, &view, areas);
    return html_done(h);
}

void map_draw(struct arena *a, struct html *h, const struct map *m, struct map_report *report)
{
    struct drawing d = {.arena = a, .h = h, .map = m};
    struct geo_box box = map_frame(a, m);
    if (box.north > box.south) {
        d.view = map_view_of(box);
        collect_dots(&d);
        draw_head(&d);
        if (m->background)
            html_markup(h, *m->background);
        else
            map_borders_draw(a, h, &d.view, m->areas);
        draw_reach(&d);
        draw_names(&d);
        draw_scale(&d);
        html(h, "</svg>");
    } else {
        d.report.unlocated = m->site_count;
        draw_empty(&d);
    }
    if (report)
        *report = d.report;
}
