/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* grappe_pages.c - the grappes of the space and who takes part in them today. */
#include "pages/grappe_view.h"

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "templates.h"

static struct fault *grappes_show(struct request *r, struct response *answer)
{
    struct grappe_line *lines = NULL;
    struct grappes_view v = {.may_write = door_may_create(door_of(r), &grappe_type)};
    TRY(grappes_on(door_of(r), today(), &lines, &v.count));
    v.lines = lines;
    v.lede = tr("Who works on the same theme, together.");
    v.frame = frame_of(r, answer, tr("Grappes"), "/grappes");
    grappes_page(answer->html, &v);
    return NULL;
}

const struct route grappe_routes[] = {
    {"GET", "/grappes", grappes_show, .right = ROLES_SIGNED_IN, .version = page_version,
     .summary = N_("Grappes, and who takes part in them")},
};
const size_t grappe_route_count = COUNT(grappe_routes);
