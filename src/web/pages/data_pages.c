/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* data_pages.c - what is kept, why, who sees it and how long: drawn from the descriptions that everything
 * else runs on, so that it cannot say otherwise. */
#include "i18n/i18n.h"
#include "pages/data_view.h"
#include "templates.h"

const struct level_line data_levels[DATA_LEVELS] = {
    {VISIBILITY_PUBLIC, N_("Whoever comes by, without an account.")},
    {VISIBILITY_SPACE, N_("Every person who has signed in to this space.")},
    {VISIBILITY_NONCOMPETING, N_("Those who act for an organisation, when neither it nor the owner has "
                                 "declared the other its competitor, "
                                 "and the facilitators. Read in lists and on pages; the search and the "
                                 "matches of members know nothing of "
                                 "it.")},
    {VISIBILITY_CONFIDENTIAL,
     N_("Those with a mandate of the organisation, and the facilitators; no other firm, not even through a "
        "count or a score.")},
    {VISIBILITY_PRIVATE, N_("Those with a mandate of the organisation; not even the facilitators.")},
};

static const char *kept_text(struct arena *a, int months)
{
    return months ? arena_print(a, tr("As long as it serves, then %d months"), months)
                  : tr("As long as the space exists");
}

static const char *writers_of(struct arena *a, const struct record_type *type)
{
    const char *facilitators = type->writers & ROLE_FACILITATOR ? tr("the facilitators") : "";
    if (!type->owner_writes)
        return facilitators;
    return *facilitators ? arena_print(a, tr("its organisation and %s"), facilitators)
                         : tr("its organisation");
}

static struct data_type data_type_of(struct arena *a, const struct record_type *type)
{
    struct data_line *lines = NEW(a, struct data_line, type->count);
    struct data_type t = {.type = type,
                          .kept = kept_text(a, type->retention_months),
                          .writers = writers_of(a, type),
                          .lines = lines,
                          .count = (size_t)type->count};
    for (int i = 0; i < type->count; i++) {
        const struct field *f = &type->fields[i];
        bool own = f->retention_months && f->retention_months != type->retention_months;
        lines[i] = (struct data_line){f, own ? kept_text(a, f->retention_months) : NULL};
        t.personal += f->personal;
    }
    return t;
}

static struct fault *data_show(struct request *r, struct response *answer)
{
    struct data_type *types = NEW(r->arena, struct data_type, record_type_count);
    struct data_view v = {.types = types};
    for (int about = 1; about >= 0; about--) /* first what is about firms and people, then what serves all */
        for (int i = 0; i < record_type_count; i++) {
            struct data_type t = data_type_of(r->arena, all_record_types[i]);
            if ((t.type->owner || t.personal) == about)
                types[v.count++] = t;
        }
    v.frame = frame_of(r, answer, tr("What is kept, and who sees it"), NULL);
    data_page(answer->html, &v);
    return NULL;
}

const struct route data_routes[] = {
    {"GET", "/donnees", data_show, .right = ROLES_ANYONE, .summary = N_("What is kept, and who sees it")},
};
const size_t data_route_count = COUNT(data_routes);
