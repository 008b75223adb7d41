/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* document_pages.c - files given on a record, given anew, fetched. */
#include <string.h>

#include "attached/attached.h"
#include "documents/document_kinds.h"
#include "documents/documents.h"
#include "i18n/i18n.h"
#include "pages/record_view.h"
#include "templates.h"

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

const struct route document_routes[] = {
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
const size_t document_route_count = COUNT(document_routes);
