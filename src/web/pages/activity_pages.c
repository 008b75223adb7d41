/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* activity_pages.c - what happened, and who opened what. */
#include "pages/activity_view.h"

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/record_draw.h"
#include "pages/record_view.h"
#include "templates.h"

static struct fault *type_of(const struct request *r, const struct record_type **type)
{
    *type = record_type_find(request_part(r, "type"));
    if (*type && ((*type)->readers & r->visitor.roles))
        return NULL;
    return fault(FAULT_NOT_FOUND, "There is nothing here.");
}

const char *readings_url(const struct request *r, const struct record_type *type, const void *record)
{
    if (!viewer_signed_in(door_viewer(door_of(r))) || !door_may_see_readings(door_of(r), type, record))
        return NULL;
    return arena_print(r->arena, "/fiches/%s/%lld/consultations", type->name,
                       (long long)((const struct record_head *)record)->id);
}

static struct fault *readings_show(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    struct readings_view v = {0};
    struct reading_line *lines = NULL;
    const char **name = NULL;
    int64_t id = request_id(r, "id");
    TRY(type_of(r, &type));
    TRY(door_readings(door_of(r), type, id, &lines, &v.count));
    TRY(door_names(door_of(r), type, &id, 1, &name));
    v.lines = lines;
    v.back = name[0] ? name[0] : tr(type->title);
    v.back_href = record_url(r->arena, type, id);
    v.heading = tr("Who opened it");
    v.frame = frame_of(r, answer, v.heading, NULL);
    v.frame.narrow = true;
    readings_page(answer->html, &v);
    return NULL;
}

const struct route activity_routes[] = {
    {"GET", "/fiches/{type}/{id}/consultations", readings_show, .right = ROLES_SIGNED_IN,
     .summary = N_("Who opened a record")},
};
const size_t activity_route_count = COUNT(activity_routes);
