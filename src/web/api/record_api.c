/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* record_api.c - records of every type, read and written from their descriptions. */
#include <stdlib.h>

#include "api/cursor.h"
#include "api/list.h"
#include "api/operation.h"
#include "api/record_body.h"
#include "api/version.h"
#include "i18n/i18n.h"

/* To be written. */
static struct fault *type_to_write(const struct request *r, const struct record_type **type)
{
    TRY(api_type(r, type));
    return api_check_scopes(r, *type);
}

static const char *address_of(struct arena *a, const struct record_type *type, int64_t id)
{
    return arena_print(a, API_ROOT "/records/%s/%lld", type->name, (long long)id);
}

/* Lists. */

static struct fault *limit_of(const struct request *r, int64_t *limit)
{
    enum { USUAL = 50 };
    const char *text = param(&r->query, "limit");
    char *end = NULL;
    *limit = text ? strtoll(text, &end, 10) : USUAL;
    if (!text || (*text && !*end && *limit >= 1 && *limit <= LIMIT_LIST_ROWS))
        return NULL;
    return fault_in("limit", fault(FAULT_INVALID, "A number from 1 to %d is expected.", LIMIT_LIST_ROWS));
}

static void put_list(struct request *r, struct response *answer, const struct record_type *type,
                     field_mask fields, const struct list_page *page, const struct list_place *next)
{
    struct json j = api_answer(answer);
    json_begin_object(&j);
    json_put_key(&j, "items");
    json_begin_array(&j);
    for (size_t i = 0; i < page->count; i++)
        record_put(&j, r->arena, type, (const char *)page->records + i * type->size, fields & page->shown[i]);
    json_end(&j);
    json_put_key(&j, "total");
    json_put_integer(&j, page->total);
    cursor_put(&j, r, answer, next);
    json_end(&j);
}

static struct fault *record_list(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    field_mask fields = 0;
    struct list_place place = {0};
    struct list_page page;
    TRY(api_type(r, &type));
    static const char *const own[] = {"limit", "cursor", NULL};
    struct list_request asked;
    TRY(list_ask(r, type, own, &asked, &fields));
    TRY(limit_of(r, &asked.per_page));
    TRY(cursor_take(r, &place));
    TRY(door_list_from(door_of(r), &asked, &place, &page));
    put_list(r, answer, type, fields, &page, &place);
    return NULL;
}

/* One record. */

static void put_record(struct request *r, struct response *answer, const struct record_type *type,
                       const void *record, field_mask fields)
{
    struct json j = api_answer(answer);
    record_put(&j, r->arena, type, record, fields);
}

static struct fault *record_read(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    field_mask shown = 0, fields = 0;
    int64_t id = request_id(r, "id"), as_of;
    TRY(api_type(r, &type));
    void *record = record_new(r->arena, type);
    TRY(list_ask_fields(r, type, &fields));
    TRY(list_ask_day(r, &as_of));
    TRY(as_of ? door_load_as_of(door_of(r), type, id, as_of, record, &shown)
              : door_load_any(door_of(r), type, id, record, &shown));
    put_record(r, answer, type, record, shown & fields);
    if (!as_of) /* what stood has no version to match: its tag is made from the answer */
        (void)response_tag(r, answer, version_tag(r->arena, record, buffer_view(answer->body)));
    return NULL;
}

/* Ends a change in the open transaction and answers how the record stands then, read again: what was saved
 * holds fields that are hidden from who wrote. It is read before the commit: what is made is never told as
 * failed. */
static struct fault *conclude(struct request *r, struct response *answer, const struct record_type *type,
                              int64_t id, struct fault *failed)
{
    struct door *d = door_of(r);
    void *record = record_new(r->arena, type);
    field_mask shown = 0;
    struct fault *unseen = failed ? failed : door_load_any(d, type, id, record, &shown);
    bool hidden = !failed && unseen && unseen->code == FAULT_NOT_FOUND;
    if (unseen && !hidden) {
        struct fault kept = *unseen;
        door_abandon(d);
        return fault_again(&kept);
    }
    TRY(door_commit(d));
    if (hidden) {
        answer->status = 204; /* kept, and from now on not for these eyes */
        return NULL;
    }
    put_record(r, answer, type, record, shown);
    version_show(r, answer, record);
    return NULL;
}

static struct fault *record_create(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    struct api_errors errors = {0};
    field_mask given = 0;
    TRY(type_to_write(r, &type));
    if (!door_may_create(door_of(r), type))
        return fault(FAULT_DENIED, "You may not add this: %s.", tr(type->title));
    const json_t *body = api_body(r, answer);
    if (!body)
        return NULL;
    void *record = record_new(r->arena, type);
    record_start(type, record);
    TRY(record_take(r, type, body, ALL_FIELDS, record, &given, &errors));
    if (!errors.count)
        record_missing(r, type, record, &errors);
    if (errors.count) {
        api_refuse(r, answer, &errors);
        return NULL;
    }
    TRY(door_begin(door_of(r)));
    struct fault *failed = door_save_any(door_of(r), type, record, ALL_FIELDS);
    int64_t id = ((struct record_head *)record)->id;
    TRY(conclude(r, answer, type, id, failed));
    answer->status = answer->status == 200 ? 201 : answer->status;
    response_header(answer, "Location", address_of(r->arena, type, id));
    return NULL;
}

static struct fault *record_change(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    struct api_errors errors = {0};
    field_mask shown = 0, given = 0;
    bool matched = false;
    TRY(type_to_write(r, &type));
    void *record = record_new(r->arena, type);
    TRY(version_load(r, answer, type, record, &shown, &matched));
    const json_t *body = matched ? api_body(r, answer) : NULL;
    if (!body)
        return NULL;
    int64_t version = ((struct record_head *)record)->version;
    TRY(record_take(r, type, body, shown, record, &given, &errors));
    if (errors.count) {
        api_refuse(r, answer, &errors);
        return NULL;
    }
    TRY(door_begin(door_of(r)));
    struct fault *failed = door_save_any(door_of(r), type, record, given);
    if (!failed) /* nothing fails after the commit: a session too many ended is no harm */
        failed = accounts_follow(house_of(r), space_of(r), type, record, false);
    return version_stale(r, answer, type, version, conclude(r, answer, type, request_id(r, "id"), failed));
}

static struct fault *record_remove(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    bool matched = false;
    TRY(type_to_write(r, &type));
    void *record = record_new(r->arena, type);
    TRY(version_load(r, answer, type, record, NULL, &matched));
    if (!matched)
        return NULL;
    int64_t version = ((struct record_head *)record)->version;
    TRY(door_begin(door_of(r)));
    struct fault *failed = door_delete(door_of(r), type, request_id(r, "id"), version);
    if (failed)
        return version_stale(r, answer, type, version, failed);
    TRY(accounts_follow(house_of(r), space_of(r), type, record, true));
    answer->status = 204;
    return door_commit(door_of(r));
}

static struct fault *record_bring_back(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    TRY(type_to_write(r, &type));
    TRY(door_begin(door_of(r)));
    struct fault *failed = door_restore(door_of(r), type, request_id(r, "id"));
    return conclude(r, answer, type, request_id(r, "id"), failed);
}

static const struct api_operation list = {.name = "list",
                                          .asks_list = true,
                                          .answers_record = ANSWER_RECORDS,
                                          .paged = true},
                                  add = {.name = "add",
                                         .takes_record = BODY_NEW,
                                         .status = 201,
                                         .answers_record = ANSWER_RECORD,
                                         .located = true,
                                         .tagged = true},
                                  read = {.name = "read", .answers_record = ANSWER_RECORD, .tagged = true},
                                  change = {.name = "change",
                                            .takes_record = BODY_CHANGE,
                                            .matched = true,
                                            .answers_record = ANSWER_RECORD,
                                            .tagged = true},
                                  remove_one = {.name = "remove", .matched = true},
                                  bring_back = {
                                      .name = "restore", .answers_record = ANSWER_RECORD, .tagged = true};

const struct route record_api_routes[] = {
    {"GET", API_ROOT "/records/{type}", record_list, .right = ROLES_ANYONE, .slow = "as_of", .api = &list,
     .summary = N_("Records of a kind: filtered, sorted, page by page")},
    {"POST", API_ROOT "/records/{type}", record_create, .right = ROLES_SIGNED_IN, .writes = true, .api = &add,
     .summary = N_("Add a record")},
    {"GET", API_ROOT "/records/{type}/{id}", record_read, .right = ROLES_ANYONE, .quick = true, .api = &read,
     .summary = N_("One record")},
    {"PATCH", API_ROOT "/records/{type}/{id}", record_change, .right = ROLES_SIGNED_IN, .writes = true,
     .api = &change, .summary = N_("Change fields of a record")},
    {"DELETE", API_ROOT "/records/{type}/{id}", record_remove, .right = ROLES_SIGNED_IN, .writes = true,
     .api = &remove_one, .summary = N_("Remove a record")},
    {"POST", API_ROOT "/records/{type}/{id}/restore", record_bring_back, .right = ROLES_SIGNED_IN,
     .writes = true, .api = &bring_back, .summary = N_("Bring a removed record back")},
};
const size_t record_api_route_count = COUNT(record_api_routes);
