/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* attached_pages.c - what hangs on a record, below it: notes and documents; those of one's organisations
 * and by their words, wherever they hang; and what one follows. */
#include "attached/attached.h"

#include <string.h>

#include "clock/clock.h"
#include "documents/documents.h"
#include "i18n/i18n.h"
#include "pages/record_view.h"
#include "templates.h"

/* Where it is taken off what it hangs on, or put back; NULL: not by this viewer, whose own is withdrawn. */
static const char *off_href(const struct request *r, const struct attached_view *v, const struct record_type *type,
                            const void *record)
{
    const bool off = record_taken_off(type, record);
    if (!v->looked_after || (!off && viewer_acts_for(door_viewer(door_of(r)), record_owner(type, record))))
        return NULL;
    return arena_print(r->arena, "/fiches/%s/%lld/%s", type->name,
                       (long long)((const struct record_head *)record)->id, off ? "remettre" : "decrocher");
}

/* "Anne Exemple, Atelier des Crêts", as far as both may be seen. */
static const char *who_of(struct arena *a, const char *person, const char *organisation)
{
    return arena_print(a, "%s%s%s", person, *person && *organisation ? ", " : "", organisation);
}

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
        lines[i] = (struct note_view){
            .text = all[i].text,
            .who = who_of(r->arena, text_of(names, "author", &all[i]), text_of(names, "organisation", &all[i])),
            .when = time_ago(r->arena, id_instant_us(all[i].id)),
            .kept = strcmp(all[i].visibility, "space") == 0 ? NULL : text_of(names, "visibility", &all[i]),
            .href = record_url(r->arena, &note_type, all[i].id),
            .off = record_taken_off(&note_type, &all[i]),
            .off_href = off_href(r, v, &note_type, &all[i])};
        v->note_standing += !lines[i].off;
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

/* --- files ----------------------------------------------------------------------------------------------- */

static const char *size_in_words(struct arena *a, int64_t bytes)
{
    if (bytes < (int64_t)MIB)
        return arena_print(a, tr("%s kB"), integer_print(a, bytes / (int64_t)KIB + 1));
    return arena_print(a, tr("%s MB"), integer_print(a, (bytes + (int64_t)MIB / 2) / (int64_t)MIB));
}

static const char *version_href(struct arena *a, int64_t id)
{
    return arena_print(a, "/versions/%lld", (long long)id);
}

/* "plan-41.pdf · 212 ko · version 3 · Anne Exemple, Atelier des Crêts · il y a 2 jours", without the file's name
 * under a title that says it. */
static const char *about_version(struct arena *a, const char *title, const struct document_version *v,
                                 const struct names *authors, const char *organisation)
{
    const char *author = field_text(authors, field_find(&document_version_type, "author"), v);
    const bool said = strcmp(title, v->file_name) == 0;
    return arena_print(a, tr("%s%s%s · version %s · %s · %s"), said ? "" : v->file_name, said ? "" : " · ",
                       size_in_words(a, v->size), integer_print(a, v->number), who_of(a, author, organisation),
                       time_ago(a, id_instant_us(v->id)));
}

/* Whose documents they are. */
static const char *giver_of(const struct names *names, const struct document *d)
{
    return field_text(names, field_find(&document_type, "organisation"), d);
}

static struct fault *fill_versions(struct request *r, struct attached_view *v)
{
    struct list_page page;
    struct document of;
    struct names *givers = NULL, *authors = NULL;
    TRY(attached_list(door_of(r), &document_version_type, &document_type, v->id, &page));
    TRY(door_load(door_of(r), document, v->id, &of, NULL));
    const struct document_version *all = page.records;
    TRY(names_load(door_of(r), &document_type, ALL_FIELDS, &of, 1, &givers));
    TRY(names_load(door_of(r), &document_version_type, ALL_FIELDS, all, page.count, &authors));
    struct file_view *lines = NEW(r->arena, struct file_view, page.count + 1);
    for (size_t i = 0; i < page.count; i++)
        lines[i] = (struct file_view){.name = all[i].file_name,
                                      .href = version_href(r->arena, all[i].id),
                                      .about = about_version(r->arena, all[i].file_name, &all[i], authors,
                                                             giver_of(givers, &of))};
    v->files = lines;
    v->file_count = v->file_standing = page.count;
    v->versions = true;
    if (door_may_write(door_of(r), &document_type, &of))
        v->give_href = arena_print(r->arena, "/documents/%lld/version", (long long)v->id);
    return NULL;
}

/* The documents of a page with the newest version of each. */
static struct fault *draw_documents(struct request *r, const struct document *all, size_t count,
                                    struct attached_view *v)
{
    struct document_version *newest = NULL;
    struct names *givers = NULL, *authors = NULL;
    int64_t *ids = NEW(r->arena, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = all[i].id;
    TRY(documents_newest(door_of(r), ids, count, &newest));
    TRY(names_load(door_of(r), &document_type, ALL_FIELDS, all, count, &givers));
    TRY(names_load(door_of(r), &document_version_type, ALL_FIELDS, newest, count, &authors));
    struct file_view *lines = NEW(r->arena, struct file_view, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct document_version *last = newest[i].id ? &newest[i] : NULL;
        const char *kept = choice_label(field_find(&document_type, "visibility"), all[i].visibility);
        lines[i] = (struct file_view){.name = all[i].title,
                                      .href = last ? version_href(r->arena, last->id) : NULL,
                                      .about = last ? about_version(r->arena, all[i].title, last, authors,
                                                                  giver_of(givers, &all[i]))
                                                    : tr("no file yet"),
                                      .kept = visibility_of_code(all[i].visibility) > VISIBILITY_SPACE ? kept : NULL,
                                      .page_href = record_url(r->arena, &document_type, all[i].id),
                                      .off = record_taken_off(&document_type, &all[i]),
                                      .off_href = off_href(r, v, &document_type, &all[i])};
        v->file_standing += !lines[i].off;
    }
    v->files = lines;
    v->file_count = count;
    return NULL;
}

static struct fault *fill_documents(struct request *r, const struct record_type *to, struct attached_view *v)
{
    struct list_page page;
    TRY(attached_list(door_of(r), &document_type, to, v->id, &page));
    TRY(draw_documents(r, page.records, page.count, v));
    if (door_may_create(door_of(r), &document_type) && v->writer_count)
        v->give_href = arena_print(r->arena, "/documents/nouveau?%s=%lld", attached_by(&document_type, to)->name,
                                   (long long)v->id);
    return NULL;
}

struct fault *attached_load(struct request *r, const struct record_type *to, int64_t id,
                            struct attached_view *v)
{
    const struct field *by = attached_by(&note_type, to);
    struct follow mark;
    v->id = by || to == &document_type ? id : 0;
    if (to == &document_type)
        return fill_versions(r, v);
    if (!by)
        return NULL;
    if (note_type.readers & r->visitor.roles) {
        v->by = by->name;
        TRY(door_looks_after(door_of(r), to, id, &v->looked_after));
        TRY(fill_notes(r, to, v));
        TRY(fill_writers(r, v));
        TRY(follow_find(door_of(r), to, id, &mark));
        v->follow = mark.id;
        v->follow_version = mark.version;
    }
    return fill_documents(r, to, v);
}

struct fault *hanging_keep_seen(const struct request *r, const struct record_type *type, void *record)
{
    const struct field *by = record_hangs_by(type, record);
    const char **name = NULL;
    if (!by)
        return NULL;
    TRY(door_names(door_of(r), record_type_find(by->to), field_in(by, record), 1, &name));
    if (!name[0])
        *(int64_t *)field_at(by, record) = 0;
    return NULL;
}

/* --- followed --------------------------------------------------------------------------------------------- */

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

/* --- what we attached, and what is said anywhere ---------------------------------------------------------- */

/* What it hangs on is named as long as it may be seen. */
static struct said_line said_line(const struct request *r, const struct record_type *type, const void *record,
                                  const struct names *names)
{
    const struct record_head *head = record;
    const struct field *by = record_hangs_by(type, record);
    struct said_line line = {.name = *(const char *const *)field_in(attached_says(type), record),
                             .href = record_url(r->arena, type, head->id),
                             .kind = tr(type->title),
                             .whose = field_text(names, field_find(type, type->owner), record),
                             .kept = field_text(names, field_find(type, type->visibility_field), record),
                             .when = time_ago(r->arena, id_instant_us(head->id)),
                             .off = record_taken_off(type, record),
                             .version = head->version};
    if (viewer_acts_for(door_viewer(door_of(r)), record_owner(type, record)))
        line.withdraw_href = arena_print(r->arena, "%s/retirer", line.href);
    if (by) {
        line.on = field_text(names, by, record);
        line.on_href = record_url(r->arena, record_type_find(by->to), *(const int64_t *)field_in(by, record));
    }
    return line;
}

/* At the end of the lines. */
static struct fault *add_said(struct request *r, const struct record_type *type, const struct list_page *page,
                              struct said_view *v)
{
    struct names *names = NULL;
    TRY(names_load(door_of(r), type, ALL_FIELDS, page->records, page->count, &names));
    struct said_line *lines = NEW(r->arena, struct said_line, v->count + page->count + 1);
    if (v->count)
        memcpy(lines, v->lines, v->count * sizeof *lines);
    for (size_t i = 0; i < page->count; i++)
        lines[v->count++] = said_line(r, type, (const char *)page->records + i * type->size, names);
    v->lines = lines;
    v->more |= page->total > (int64_t)page->count;
    return NULL;
}

static struct fault *add_ours(struct request *r, const struct record_type *type, struct said_view *v)
{
    const struct viewer *viewer = door_viewer(door_of(r));
    for (size_t i = 0; i < viewer->count; i++) {
        const struct list_request ours = {
            .type = type, .owner = viewer->organisations[i], .per_page = LIMIT_LIST_ROWS};
        struct list_page page;
        TRY(door_list(door_of(r), &ours, &page));
        TRY(add_said(r, type, &page, v));
    }
    return NULL;
}

static struct fault *said_show(struct request *r, struct response *answer)
{
    const struct record_type *const types[] = {&document_type, &note_type};
    struct said_view v = {.words = param_text(&r->query, "q")};
    struct list_page page;
    for (size_t i = 0; i < COUNT(types); i++)
        if (*v.words) {
            TRY(attached_search(door_of(r), types[i], v.words, &page));
            TRY(add_said(r, types[i], &page, &v));
        } else {
            TRY(add_ours(r, types[i], &v));
        }
    v.frame = frame_of(r, answer, tr("Notes and documents"), "/notes-et-documents");
    said_page(answer->html, &v);
    return NULL;
}

/* --- taken off, and put back ------------------------------------------------------------------------------ */

static struct fault *take_off(struct request *r, struct response *answer, enum flag off)
{
    const struct record_type *type = record_type_find(request_part(r, "type"));
    const struct field *f = type ? type_takes_off(type) : NULL, *by = NULL;
    void *record = type ? record_new(r->arena, type) : NULL;
    if (f) {
        TRY(door_load_any(door_of(r), type, request_id(r, "id"), record, NULL));
        by = record_hangs_by(type, record); /* as far as the viewer sees that */
    }
    if (!by)
        return fault(FAULT_NOT_FOUND, "There is nothing here.");
    *(enum flag *)field_at(f, record) = off;
    TRY(door_save_any(door_of(r), type, record, (field_mask)1 << (f - type->fields)));
    flash_set(answer, off == FLAG_YES ? "taken_off" : "put_back",
              off == FLAG_YES ? arena_print(r->arena, "/fiches/%s/%lld/remettre", type->name,
                                            (long long)request_id(r, "id"))
                              : NULL);
    response_redirect(answer,
                      record_url(r->arena, record_type_find(by->to), *(const int64_t *)field_in(by, record)));
    return NULL;
}

static struct fault *taken_off(struct request *r, struct response *answer)
{
    return take_off(r, answer, FLAG_YES);
}

static struct fault *put_back(struct request *r, struct response *answer)
{
    return take_off(r, answer, FLAG_NO);
}

const struct route attached_routes[] = {
    {"GET", "/suivis", followed_show, .right = ROLES_SIGNED_IN, .version = page_version,
     .summary = N_("Records one follows")},
    {"GET", "/notes-et-documents", said_show, .right = ROLES_SIGNED_IN,
     .summary = N_("Notes and documents: one's own, or by their words")},
    {"POST", "/fiches/{type}/{id}/decrocher", taken_off, .right = ROLES_SIGNED_IN, .writes = true,
     .summary = N_("Take a note or document off the record it hangs on")},
    {"POST", "/fiches/{type}/{id}/remettre", put_back, .right = ROLES_SIGNED_IN, .writes = true,
     .summary = N_("Put a note or document back on its record")},
};
const size_t attached_route_count = COUNT(attached_routes);
