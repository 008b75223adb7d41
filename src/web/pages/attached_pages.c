/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* attached_pages.c - what hangs on a record, below it: notes and documents; and what one follows. */
#include "attached/attached.h"

#include <string.h>

#include "clock/clock.h"
#include "documents/document_kinds.h"
#include "documents/documents.h"
#include "i18n/i18n.h"
#include "pages/record_view.h"
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

/* "plan-41.pdf · 212 ko · version 3 · il y a 2 jours" */
static const char *about_version(struct arena *a, const struct document_version *v)
{
    return arena_print(a, tr("%s · %s · version %s · %s"), v->file_name, size_in_words(a, v->size),
                       integer_print(a, v->number), time_ago(a, id_instant_us(v->id)));
}

static struct fault *fill_versions(struct request *r, struct attached_view *v)
{
    struct list_page page;
    struct document of;
    TRY(attached_list(door_of(r), &document_version_type, &document_type, v->id, &page));
    TRY(door_load(door_of(r), document, v->id, &of, NULL));
    const struct document_version *all = page.records;
    struct file_view *lines = NEW(r->arena, struct file_view, page.count + 1);
    for (size_t i = 0; i < page.count; i++)
        lines[i] = (struct file_view){.name = all[i].file_name,
                                      .href = version_href(r->arena, all[i].id),
                                      .about = about_version(r->arena, &all[i])};
    v->files = lines;
    v->file_count = page.count;
    v->versions = true;
    if (door_may_write(door_of(r), &document_type, &of))
        v->give_href = arena_print(r->arena, "/documents/%lld/version", (long long)v->id);
    return NULL;
}

static struct fault *fill_documents(struct request *r, const struct record_type *to, struct attached_view *v)
{
    struct list_page page, versions;
    TRY(attached_list(door_of(r), &document_type, to, v->id, &page));
    const struct document *all = page.records;
    struct file_view *lines = NEW(r->arena, struct file_view, page.count + 1);
    for (size_t i = 0; i < page.count; i++) {
        TRY(attached_list(door_of(r), &document_version_type, &document_type, all[i].id, &versions));
        const struct document_version *newest = versions.count ? versions.records : NULL;
        const char *kept = choice_label(field_find(&document_type, "visibility"), all[i].visibility);
        lines[i] = (struct file_view){.name = all[i].title,
                                      .href = newest ? version_href(r->arena, newest->id) : NULL,
                                      .about = newest ? about_version(r->arena, newest) : tr("no file yet"),
                                      .kept = visibility_of_code(all[i].visibility) > VISIBILITY_SPACE ? kept : NULL,
                                      .page_href = record_url(r->arena, &document_type, all[i].id)};
    }
    v->files = lines;
    v->file_count = page.count;
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
        TRY(fill_notes(r, to, v));
        TRY(fill_writers(r, v));
        TRY(follow_find(door_of(r), to, id, &mark));
        v->follow = mark.id;
        v->follow_version = mark.version;
    }
    return fill_documents(r, to, v);
}

static struct fault *give_draw(struct request *r, struct response *answer, struct give_view *v)
{
    struct buffer *accept = buffer_new(r->arena, KIB);
    for (size_t i = 0; i < document_kind_count; i++)
        buffer_print(accept, "%s.%s", i ? "," : "", document_kinds[i].ending);
    v->accept = buffer_string(accept);
    v->action = r->target;
    v->frame = frame_of(r, answer, v->heading, NULL);
    v->frame.narrow = true;
    give_page(answer->html, v);
    return NULL;
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

/* Of the record that the address names: "?need=12". */
static struct fault *new_document(struct request *r, struct document *document, const char **above)
{
    record_clear(&document_type, document);
    record_start(&document_type, document);
    document->organisation =
        door_viewer(door_of(r))->count ? door_viewer(door_of(r))->organisations[0] : 0;
    for (int i = 0; i < document_type.count; i++) {
        const struct field *f = &document_type.fields[i];
        const char *text = f->within ? param(&r->query, f->name) : NULL;
        if (text)
            TRY(value_parse(f, r->arena, slice_of(text), document));
    }
    TRY(hanging_keep_seen(r, &document_type, document));
    const struct field *by = record_hangs_by(&document_type, document);
    if (!by)
        return fault(FAULT_NOT_FOUND, "There is nothing here.");
    *above = record_url(r->arena, record_type_find(by->to), *(const int64_t *)field_in(by, document));
    return NULL;
}

static const struct upload *file_of(const struct request *r)
{
    for (size_t i = 0; i < r->upload_count; i++)
        if (strcmp(r->uploads[i].field, "file") == 0 && *r->uploads[i].file_name)
            return &r->uploads[i];
    return NULL;
}

static void fault_keep(struct request *r, struct form_state *state, const struct fault *failed)
{
    state->faults[state->fault_count++] = (struct form_fault){field_find(&document_type, failed->field),
                                                              arena_print(r->arena, "%s", failed->text)};
}

static struct fault *document_draw(struct request *r, struct response *answer, struct document *document,
                                   const char *above, const struct form_state *state)
{
    struct form_options *options = NULL;
    TRY(form_options_load(door_of(r), &document_type, &options));
    const struct record_edit_view edit = {.type = &document_type,
                                          .record = document,
                                          .options = options,
                                          .state = state,
                                          .shown = ALL_FIELDS,
                                          .viewer = door_viewer(door_of(r))};
    struct give_view v = {
        .heading = tr("Add a document"), .cancel_href = above, .document = &edit, .state = state};
    return give_draw(r, answer, &v);
}

static struct fault *document_form(struct request *r, struct response *answer)
{
    struct document document;
    const char *above = NULL;
    TRY(new_document(r, &document, &above));
    if (!door_may_create(door_of(r), &document_type))
        return fault(FAULT_DENIED, "You may not add this: %s.", tr(document_type.title));
    return document_draw(r, answer, &document, above, &(struct form_state){0});
}

static struct fault *no_file(void)
{
    return fault_in("file", fault(FAULT_INVALID, "Choose a file first."));
}

/* Is it the person's to mend? */
static bool to_be_told(const struct fault *failed)
{
    return failed && (failed->code == FAULT_INVALID || failed->code == FAULT_CONFLICT ||
                      (failed->code == FAULT_LIMIT && *failed->field));
}

static struct fault *document_send(struct request *r, struct response *answer)
{
    struct document document;
    struct form_options *options = NULL;
    struct form_state state = {0};
    const char *above = NULL;
    const struct upload *file = file_of(r);
    TRY(new_document(r, &document, &above));
    TRY(form_options_load(door_of(r), &document_type, &options));
    form_read(r->arena, &document_type, ALL_FIELDS, options, &r->form, &document, &state);
    struct fault *failed = state.fault_count ? NULL
                           : file ? document_add(door_of(r), &document, file->file_name, file->content)
                                  : no_file();
    if (failed && !to_be_told(failed))
        return failed;
    if (failed)
        fault_keep(r, &state, failed);
    if (state.fault_count) {
        answer->status = 422;
        return document_draw(r, answer, &document, above, &state);
    }
    flash_set(answer, "created", NULL);
    response_redirect(answer, above);
    return NULL;
}

static struct fault *version_draw(struct request *r, struct response *answer, const struct form_state *state)
{
    struct document of;
    TRY(door_load(door_of(r), document, request_id(r, "id"), &of, NULL));
    if (!door_may_write(door_of(r), &document_type, &of))
        return fault(FAULT_DENIED, "You may not change this: %s.", tr(document_type.title));
    struct give_view v = {.heading = arena_print(r->arena, tr("A new version of %s"), of.title),
                          .cancel_href = record_url(r->arena, &document_type, of.id),
                          .state = state};
    return give_draw(r, answer, &v);
}

static struct fault *version_form(struct request *r, struct response *answer)
{
    return version_draw(r, answer, &(struct form_state){0});
}

static struct fault *version_send(struct request *r, struct response *answer)
{
    struct document_version made;
    struct form_state state = {0};
    const struct upload *file = file_of(r);
    struct fault *failed =
        file ? document_give(door_of(r), request_id(r, "id"), file->file_name, file->content, &made)
             : no_file();
    if (to_be_told(failed)) {
        fault_keep(r, &state, failed);
        answer->status = 422;
        return version_draw(r, answer, &state);
    }
    TRY(failed);
    flash_set(answer, "saved", NULL);
    response_redirect(answer, record_url(r->arena, &document_type, request_id(r, "id")));
    return NULL;
}

/* Never shown by us: whatever it holds, it is kept as a file and runs nowhere as a page of ours. */
struct fault *version_answer(struct request *r, struct response *answer, int64_t id)
{
    struct document_version v;
    TRY(document_fetch(door_of(r), id, &v, &answer->type, &answer->constant));
    answer->file_name = v.file_name;
    answer->cache = CACHE_NEVER;
    response_header(answer, "Content-Security-Policy", "sandbox; default-src 'none'");
    return NULL;
}

static struct fault *version_fetch(struct request *r, struct response *answer)
{
    return version_answer(r, answer, request_id(r, "id"));
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

const struct route attached_routes[] = {
    {"GET", "/suivis", followed_show, .right = ROLES_SIGNED_IN, .version = page_version,
     .summary = N_("Records one follows")},
    {"GET", "/documents/nouveau", document_form, .right = ROLES_SIGNED_IN,
     .summary = N_("Form for a document on a record")},
    {"POST", "/documents/nouveau", document_send, .right = ROLES_SIGNED_IN, .writes = true, .uploads = true,
     .summary = N_("Add a document to a record")},
    {"GET", "/documents/{id}/version", version_form, .right = ROLES_SIGNED_IN,
     .summary = N_("Form for a new version of a document")},
    {"POST", "/documents/{id}/version", version_send, .right = ROLES_SIGNED_IN, .writes = true, .uploads = true,
     .summary = N_("Give a new version of a document")},
    {"GET", "/versions/{id}", version_fetch, .right = ROLES_ANYONE,
     .summary = N_("Fetch a document's file")},
};
const size_t attached_route_count = COUNT(attached_routes);
