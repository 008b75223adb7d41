/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* activity_pages.c - what happened, and who opened what. */
#include "pages/activity_view.h"

#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/job_view.h"
#include "pages/record_draw.h"
#include "pages/record_view.h"
#include "templates.h"
#include "undo/undo.h"

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

/* What happened. */

const char *time_of_day(struct arena *a, int64_t at_us)
{
    const int64_t hour = 3600 * SECOND_US, day = day_at(at_us), midnight = day * 24 * hour;
    bool late = at_us >= midnight + hour; /* clocks change at one o'clock UTC */
    int64_t ahead = late ? midnight + 24 * hour - day_start_us(day + 1) : midnight - day_start_us(day);
    int64_t minutes = (at_us + ahead - midnight) / (60 * SECOND_US);
    return arena_print(a, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

/* An id in the address, and the name it has for the viewer; 0 when there is none to see. */
static struct fault *chosen(struct request *r, const char *parameter, const struct record_type *type,
                            int64_t *id, const char **typed, const char **name)
{
    const char **names = NULL;
    *typed = param(&r->query, parameter);
    *id = *typed ? strtoll(*typed, NULL, 10) : 0;
    if (!*id)
        return NULL;
    TRY(door_names(door_of(r), type, id, 1, &names));
    *name = names[0];
    return *name ? NULL : fault(FAULT_NOT_FOUND, "There is nothing here.");
}

static struct fault *activity_show(struct request *r, struct response *answer)
{
    struct activity_view v = {0};
    struct activity *found = NEW(r->arena, struct activity, 1);
    const struct record_type **types = NEW(r->arena, const struct record_type *, record_type_count);
    const char *type = param(&r->query, "type"), *before = param(&r->query, "avant");
    struct activity_request asked = {0};
    if (before && !request_unseal(r, "activity", before, &asked.before))
        return fault_in("avant", fault(FAULT_INVALID, "There is no such page."));
    for (int i = 0; i < record_type_count; i++)
        if (all_record_types[i]->readers & r->visitor.roles) {
            types[v.type_count++] = all_record_types[i];
            if (type && strcmp(type, all_record_types[i]->name) == 0)
                asked.type = all_record_types[i];
        }
    TRY(chosen(r, "structure", &organisation_type, &asked.organisation, &v.organisation_id, &v.organisation));
    TRY(chosen(r, "personne", &person_type, &asked.person, &v.person_id, &v.person));
    TRY(activity_load(door_of(r), &asked, found));
    v.found = found;
    v.types = types;
    v.type = asked.type;
    v.whole_href = asked.type || asked.organisation || asked.person ? "/activite" : NULL;
    if (found->next)
        v.next_href = url_with(r->arena, r->target, "avant", request_seal(r, "activity", found->next));
    v.frame = frame_of(r, answer, tr("Activity"), "/activite");
    activity_page(answer->html, &v);
    return NULL;
}

/* Of what `kind` says; only from a page where it was shown with its button. */
static struct fault *marked(const struct request *r, const char *kind, int64_t *id)
{
    if (request_unseal(r, kind, request_part(r, "mark"), id))
        return NULL;
    return undo_absent();
}

static const char *back_of(const struct request *r)
{
    const char *back = param(&r->form, "retour");
    return back && path_is_local(back) ? back : "/activite";
}

static void tell_taken_back(const struct request *r, struct response *answer)
{
    flash_set(answer, "taken_back", NULL);
    response_redirect(answer, back_of(r));
}

static struct fault *change_undo(struct request *r, struct response *answer)
{
    int64_t entry;
    TRY(marked(r, MARK_OF_CHANGE, &entry));
    TRY(undo_entry(door_of(r), entry));
    tell_taken_back(r, answer);
    return NULL;
}

static struct fault *batch_undo(struct request *r, struct response *answer)
{
    int64_t batch, job;
    TRY(marked(r, MARK_OF_ALL, &batch));
    TRY(undo_batch(house_jobs(house_of(r)), door_of(r), batch, back_of(r), &job));
    if (job)
        job_follow(r, answer, job);
    else
        tell_taken_back(r, answer);
    return NULL;
}

const struct route activity_routes[] = {
    {"GET", "/activite", activity_show, .right = ROLES_SIGNED_IN, .version = page_version,
     .summary = N_("What happened, day by day")},
    {"POST", "/activite/" MARK_OF_CHANGE "/{mark}/annuler", change_undo, .right = ROLES_SIGNED_IN,
     .writes = true, .summary = N_("Undo one change")},
    {"POST", "/activite/" MARK_OF_ALL "/{mark}/annuler", batch_undo, .right = ROLES_SIGNED_IN, .writes = true,
     .slow = "", .summary = N_("Undo what was changed at once")},
    {"GET", "/fiches/{type}/{id}/consultations", readings_show, .right = ROLES_SIGNED_IN,
     .summary = N_("Who opened a record")},
};
const size_t activity_route_count = COUNT(activity_routes);
