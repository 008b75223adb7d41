/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* document_api.c - files of documents for programs: given, fetched. Documents themselves, notes and marks are
 * records like others. */
#include "api/operation.h"
#include "documents/documents.h"
#include "i18n/i18n.h"
#include "pages/attached_view.h"

struct file_named {
    const char *file;
};
static const struct member named_members[] = {
    MEMBER(TEXT, file_named, file, N_("Its name, with the ending that says what it is."))};
static const struct shape named_shape = SHAPE("document_file", file_named, named_members);

struct version_told {
    struct api_record version;
};
static const struct member version_members[] = {
    MEMBER(RECORD, version_told, version, NULL, .type = &document_version_type)};
static const struct shape version_shape = SHAPE("version_given", version_told, version_members);

static struct fault *version_give(struct request *r, struct response *answer)
{
    struct file_named asked = {0};
    struct document_version *made = NEW(r->arena, struct document_version, 1);
    if (!shape_ask(r, answer, &named_shape, &asked))
        return NULL;
    TRY(document_give(door_of(r), request_id(r, "id"), asked.file, r->body, made));
    struct version_told told = {{&document_version_type, made, ALL_FIELDS}};
    answer->status = 201;
    response_header(answer, "Location",
                    arena_print(r->arena, API_ROOT "/versions/%lld/content", (long long)made->id));
    shape_answer(r, answer, &version_shape, &told);
    return NULL;
}

static struct fault *content_fetch(struct request *r, struct response *answer)
{
    return version_answer(r, answer, request_id(r, "id"));
}

static const struct api_operation give = {.name = "give_version",
                                          .asks = &named_shape,
                                          .takes_file = "application/octet-stream",
                                          .answers = &version_shape,
                                          .status = 201,
                                          .located = true},
                                  fetch = {.name = "version_content", .answers_file = true, .private = true};

const struct route document_api_routes[] = {
    {"POST", API_ROOT "/documents/{id}/versions", version_give, .right = ROLES_SIGNED_IN, .writes = true,
     .uploads = true, .api = &give, .summary = N_("Give a new version of a document")},
    {"GET", API_ROOT "/versions/{id}/content", content_fetch, .right = ROLES_ANYONE, .api = &fetch,
     .summary = N_("Fetch a document's file")},
};
const size_t document_api_route_count = COUNT(document_api_routes);
