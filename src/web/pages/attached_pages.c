/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* attached_pages.c - what hangs on a record, below it; and what one follows. */
#include "attached/attached.h"

#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/attached_view.h"
#include "pages/record_draw.h"
#include "templates.h"

static const char *text_of(const struct names *names, const char *field, const struct note *n)
{
    return field_text(names, field_find(&note_type, field), n);
}

static struct fault *fill_notes(struct request *r, const struct record_type *to, struct attached_view *v)
{
    struct list_page page;
    struct names *names = NULL;
    TRY(attached_list(door_of(r), &note_type, to, v->id, &page));
    const struct note *all = page.records;
    TRY(names_load(door_of(r), &note_type, ALL_FIELDS, all, page.count, &names));
    struct note_view *lines = NEW(r->arena, struct note_view, page.count + 1);
    for (size_t i = 0; i < page.count; i++) {
        const char *author = text_of(names, "author", &all[i]);
        lines[i] = (struct note_view){
            .text = all[i].text,
            .who = arena_print(r->arena, "%s%s%s", author, *author ? ", " : "",
                               text_of(names, "organisation", &all[i])),
            .when = time_ago(r->arena, id_instant_us(all[i].id)),
            .kept = strcmp(all[i].visibility, "space") == 0 ? NULL : text_of(names, "visibility", &all[i]),
            .href = record_url(r->arena, &note_type, all[i].id)};
    }
    v->notes = lines;
    v->note_count = page.count;
    return NULL;
}

static struct fault *fill_writers(struct request *r, struct attached_view *v)
{
    const struct viewer *viewer = door_viewer(door_of(r));
    const char **names = NULL;
    TRY(door_names(door_of(r), &organisation_type, viewer->organisations, viewer->count, &names));
    v->writers = NEW(r->arena, struct writer_view, viewer->count + 1);
    for (size_t i = 0; i < viewer->count; i++)
        if (names[i])
            v->writers[v->writer_count++] = (struct writer_view){viewer->organisations[i], names[i]};
    return NULL;
}

struct fault *attached_load(struct request *r, const struct record_type *to, int64_t id,
                            struct attached_view *v)
{
    const struct field *by = attached_by(&note_type, to);
    struct follow mark;
    if (!by || !(note_type.readers & r->visitor.roles))
        return NULL;
    v->id = id;
    v->by = by->name;
    TRY(fill_notes(r, to, v));
    TRY(fill_writers(r, v));
    TRY(follow_find(door_of(r), to, id, &mark));
    v->follow = mark.id;
    v->follow_version = mark.version;
    return NULL;
}

static struct fault *followed_show(struct request *r, struct response *answer)
{
    struct follow *all = NULL;
    struct names *names = NULL;
    struct followed_view v = {0};
    TRY(follows_list(door_of(r), &all, &v.count));
    TRY(names_load(door_of(r), &follow_type, ALL_FIELDS, all, v.count, &names));
    struct followed_line *lines = NEW(r->arena, struct followed_line, v.count + 1);
    for (size_t i = 0; i < v.count; i++) {
        const struct record_type *to = followed_type(&all[i]);
        lines[i] = (struct followed_line){.href = record_url(r->arena, to, followed_id(&all[i])),
                                          .name = field_text(names, record_hangs_by(&follow_type, &all[i]), &all[i]),
                                          .kind = tr(to->title),
                                          .since = time_ago(r->arena, id_instant_us(all[i].id)),
                                          .id = all[i].id,
                                          .version = all[i].version};
    }
    v.lines = lines;
    v.frame = frame_of(r, answer, tr("What I follow"), "/suivis");
    followed_page(answer->html, &v);
    return NULL;
}

const struct route attached_routes[] = {
    {"GET", "/suivis", followed_show, .right = ROLES_SIGNED_IN, .version = page_version,
     .summary = N_("Records one follows")},
};
const size_t attached_route_count = COUNT(attached_routes);
