/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* funnel_pages.c - how introductions go: how far they come, by where they came from. */
#include "introductions/funnel.h"

#include "i18n/i18n.h"
#include "pages/funnel_view.h"
#include "templates.h"

static const enum introduction_state steps[FUNNEL_STEPS] = {
    INTRODUCTION_PROPOSED,  INTRODUCTION_ACCEPTED, INTRODUCTION_AGREED,
    INTRODUCTION_MET,       INTRODUCTION_QUOTED,   [FUNNEL_ORDERED] = INTRODUCTION_ORDERED,
    INTRODUCTION_DELIVERED, INTRODUCTION_RENEWED};

static struct funnel_row row_of(struct arena *a, const struct funnel_line *line, const char *label)
{
    struct funnel_row row = {.label = label};
    int64_t all = line->came_to[INTRODUCTION_PROPOSED];
    for (size_t i = 0; i < FUNNEL_STEPS; i++) {
        int64_t times = line->came_to[steps[i]];
        row.cells[i].count = times;
        row.cells[i].times = integer_print(a, times);
        if (i && all)
            row.cells[i].share =
                arena_print(a, tr("%s%%"), integer_print(a, (200 * times + all) / (2 * all)));
    }
    return row;
}

/* "12 open, 30 ended, each by somebody's act; half of the answers came within 3 days." */
static const char *lede_of(struct arena *a, const struct deal_funnel *f)
{
    const char *text =
        arena_print(a, tr("%s open, each in somebody's queue; %s ended, each by somebody with a reason."),
                    integer_print(a, f->open), integer_print(a, f->ended));
    if (!known_integer(f->median_days))
        return text;
    return arena_print(a, "%s %s", text,
                       arena_print(a,
                                   tr_plural(f->median_days, "Half of the first answers came within %s day.",
                                             "Half of the first answers came within %s days."),
                                   integer_print(a, f->median_days)));
}

static struct fault *funnel_show(struct request *r, struct response *answer)
{
    struct deal_funnel f;
    struct funnel_view v = {0};
    TRY(deal_funnel(door_of(r), &f));
    struct funnel_row *rows = NEW(r->arena, struct funnel_row, f.count);
    struct reason_row *reasons = NEW(r->arena, struct reason_row, f.reason_count + 1);
    for (size_t i = 0; i < f.count; i++)
        if (!i || f.lines[i].came_to[INTRODUCTION_PROPOSED])
            rows[v.row_count++] = row_of(r->arena, &f.lines[i], tr(f.lines[i].label));
    struct funnel_row *spoke = NEW(r->arena, struct funnel_row, f.spoke_count + 1);
    for (; v.spoke_count < f.spoke_count; v.spoke_count++)
        spoke[v.spoke_count] = row_of(r->arena, &f.spoke[v.spoke_count], tr(f.spoke[v.spoke_count].label));
    struct funnel_row *grappes = NEW(r->arena, struct funnel_row, f.grappe_count + 1);
    for (; v.grappe_count < f.grappe_count; v.grappe_count++)
        grappes[v.grappe_count] =
            row_of(r->arena, &f.grappes[v.grappe_count], f.grappes[v.grappe_count].label);
    for (size_t i = 0; i < FUNNEL_STEPS; i++)
        v.heads[i] = tr(introduction_states[steps[i]].label);
    for (; v.reason_count < f.reason_count; v.reason_count++)
        reasons[v.reason_count] = (struct reason_row){
            tr(f.reasons[v.reason_count].label), integer_print(r->arena, f.reasons[v.reason_count].times)};
    v.rows = rows;
    v.spoke = spoke;
    v.grappes = grappes;
    v.reasons = reasons;
    v.any = f.lines[0].came_to[INTRODUCTION_PROPOSED] > 0;
    v.lede = v.any ? lede_of(r->arena, &f) : NULL;
    v.frame = frame_of(r, answer, tr("How introductions go"), "/aujourdhui");
    funnel_page(answer->html, &v);
    return NULL;
}

const struct route funnel_routes[] = {
    {"GET", "/mises-en-relation", funnel_show, .right = ROLE_MEMBER | ROLE_FACILITATOR,
     .version = page_version, .summary = N_("How introductions go")},
};
const size_t funnel_route_count = COUNT(funnel_routes);
