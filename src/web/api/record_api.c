/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* record_api.c - records of every type, read and written from their descriptions. */
#include <stdlib.h>

#include "api/cursor.h"
#include "api/record_body.h"
#include "i18n/i18n.h"

/* The type named in the path, which the roles of who asks may read. */
static struct fault *type_of(const struct request *r, const struct record_type **type)
{
    *type = record_type_find(request_part(r, "type"));
    if (*type && ((*type)->readers & r->visitor.roles))
        return NULL;
    return fault(FAULT_NOT_FOUND, "There is nothing here.");
}

static const char *address_of(struct arena *a, const struct record_type *type, int64_t id)
{
    return arena_print(a, API_ROOT "/records/%s/%lld", type->name, (long long)id);
}

/* Lists. */

static bool reserved(const char *name)
{
    static const char *const names[] = {"sort", "limit", "cursor", "fields"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Every parameter that is not reserved names a field to filter by: "name", "size.min", "siren.known". */
static struct list_filter *filters_of(const struct request *r, const struct record_type *type, size_t *count)
{
    struct list_filter *filters = NEW(r->arena, struct list_filter, r->query.count + 1);
    *count = 0;
    for (size_t i = 0; i < r->query.count; i++) {
        const struct param *p = &r->query.at[i];
        const struct field *f = field_find(type, arena_text(r->arena, p->name, strcspn(p->name, ".")));
        if (!reserved(p->name) && *p->value)
            filters[(*count)++] =
                (struct list_filter){p->name, f ? api_value_plain(r->arena, f, p->value) : p->value};
    }
    return filters;
}

/* "name,siren": all fields when it is not asked for. */
static struct fault *fields_of(const struct request *r, const struct record_type *type, field_mask *fields)
{
    struct slice rest = slice_of(param_text(&r->query, "fields")), one;
    *fields = rest.len ? 0 : ALL_FIELDS;
    while (rest.len && slice_cut(&rest, ',', &one)) {
        const char *name = slice_text(r->arena, slice_trim(one));
        const struct field *f = field_find(type, name);
        if (!f)
            return fault_in("fields", fault(FAULT_INVALID, "There is no field \"%.60s\".", name));
        *fields |= (field_mask)1 << (f - type->fields);
    }
    return NULL;
}

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
    TRY(type_of(r, &type));
    struct list_request asked = {.type = type, .plain = true, .sort = param(&r->query, "sort")};
    asked.filters = filters_of(r, type, &asked.filter_count);
    TRY(fields_of(r, type, &fields));
    TRY(limit_of(r, &asked.per_page));
    TRY(cursor_take(r, &place));
    asked.skip = ~fields;
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
    TRY(type_of(r, &type));
    void *record = record_new(r->arena, type);
    TRY(fields_of(r, type, &fields));
    TRY(door_load_any(door_of(r), type, request_id(r, "id"), record, &shown));
    if (!response_tag(r, answer,
                      arena_print(r->arena, "%lld", (long long)((struct record_head *)record)->version)))
        put_record(r, answer, type, record, shown & fields);
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
    response_header(answer, "ETag",
                    arena_print(r->arena, "\"%lld\"", (long long)((struct record_head *)record)->version));
    put_record(r, answer, type, record, shown);
    return NULL;
}

static void refuse(struct request *r, struct response *answer, const struct api_errors *errors)
{
    api_problem(r, answer, 422,
                errors->count == 1 ? errors->at[0].detail : tr("Several fields cannot be read as they are."),
                errors);
}

static struct fault *record_create(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    struct api_errors errors = {0};
    field_mask given = 0;
    TRY(type_of(r, &type));
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
        refuse(r, answer, &errors);
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

/* Changes of a version that was read. */

/* Is the version among the tags ("3", "3-g" of a compressed answer) of If-Match? */
static bool matches(const char *header, int64_t version)
{
    struct slice rest = slice_of(header), one;
    while (slice_cut(&rest, ',', &one)) {
        char *end = NULL;
        one = slice_trim(one);
        if (slice_equal(one, S("*")))
            return true;
        if (one.len < 3 || one.ptr[0] != '"' || one.ptr[1] < '0' || one.ptr[1] > '9')
            continue;
        long long tag = strtoll(one.ptr + 1, &end, 10);
        struct slice left = slice_from(one, (size_t)(end - one.ptr));
        if (tag == version && (slice_equal(left, S("\"")) || slice_equal(left, S("-g\""))))
            return true;
    }
    return false;
}

static void stale(struct request *r, struct response *answer)
{
    api_problem(r, answer, 412,
                tr("Somebody changed this record in the meantime: read it again before saving."), NULL);
}

/* Loads what is to be changed; false when a problem was answered: no If-Match, or one of another version. */
static struct fault *load_matched(struct request *r, struct response *answer, const struct record_type *type,
                                  void *record, field_mask *shown, bool *matched)
{
    const char *header = request_header(r, "If-Match");
    *matched = false;
    TRY(door_load_any(door_of(r), type, request_id(r, "id"), record, shown));
    if (!door_may_write(door_of(r), type, record))
        return fault(FAULT_DENIED, "You may not change this: %s.", tr(type->title));
    if (!header)
        api_problem(r, answer, 428, tr("Send If-Match with the ETag of the version that you read."), NULL);
    else if (!matches(header, ((struct record_head *)record)->version))
        stale(r, answer);
    else
        *matched = true;
    return NULL;
}

/* A conflict is a stale version when somebody was quicker between our reading and our writing. */
static struct fault *told_stale(struct request *r, struct response *answer, const struct record_type *type,
                                int64_t version, struct fault *failed)
{
    if (!failed || failed->code != FAULT_CONFLICT)
        return failed;
    struct fault kept = *failed;
    void *now = record_new(r->arena, type);
    struct door *again = NULL;
    TRY(door_open(door_space(door_of(r)), r->arena, door_viewer(door_of(r))->person, &again));
    TRY(door_load_any(again, type, request_id(r, "id"), now, NULL));
    if (((struct record_head *)now)->version == version)
        return fault_again(&kept);
    stale(r, answer);
    return NULL;
}

static struct fault *record_change(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    struct api_errors errors = {0};
    field_mask shown = 0, given = 0;
    bool matched = false;
    TRY(type_of(r, &type));
    void *record = record_new(r->arena, type);
    TRY(load_matched(r, answer, type, record, &shown, &matched));
    const json_t *body = matched ? api_body(r, answer) : NULL;
    if (!body)
        return NULL;
    int64_t version = ((struct record_head *)record)->version;
    TRY(record_take(r, type, body, shown, record, &given, &errors));
    if (errors.count) {
        refuse(r, answer, &errors);
        return NULL;
    }
    TRY(door_begin(door_of(r)));
    struct fault *failed = door_save_any(door_of(r), type, record, given);
    return told_stale(r, answer, type, version, conclude(r, answer, type, request_id(r, "id"), failed));
}

static struct fault *record_remove(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    bool matched = false;
    TRY(type_of(r, &type));
    void *record = record_new(r->arena, type);
    TRY(load_matched(r, answer, type, record, NULL, &matched));
    if (!matched)
        return NULL;
    int64_t version = ((struct record_head *)record)->version;
    struct fault *failed = door_delete(door_of(r), type, request_id(r, "id"), version);
    if (failed)
        return told_stale(r, answer, type, version, failed);
    answer->status = 204;
    return NULL;
}

static struct fault *record_bring_back(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    TRY(type_of(r, &type));
    TRY(door_begin(door_of(r)));
    struct fault *failed = door_restore(door_of(r), type, request_id(r, "id"));
    return conclude(r, answer, type, request_id(r, "id"), failed);
}

const struct route record_api_routes[] = {
    {"GET", API_ROOT "/records/{type}", record_list, .right = ROLES_ANYONE,
     .summary = N_("Records of a kind: filtered, sorted, page by page")},
    {"POST", API_ROOT "/records/{type}", record_create, .right = ROLES_SIGNED_IN, .writes = true,
     .summary = N_("Add a record")},
    {"GET", API_ROOT "/records/{type}/{id}", record_read, .right = ROLES_ANYONE, .summary = N_("One record")},
    {"PATCH", API_ROOT "/records/{type}/{id}", record_change, .right = ROLES_SIGNED_IN, .writes = true,
     .summary = N_("Change fields of a record")},
    {"DELETE", API_ROOT "/records/{type}/{id}", record_remove, .right = ROLES_SIGNED_IN, .writes = true,
     .summary = N_("Remove a record")},
    {"POST", API_ROOT "/records/{type}/{id}/restore", record_bring_back, .right = ROLES_SIGNED_IN,
     .writes = true, .summary = N_("Bring a removed record back")},
};
const size_t record_api_route_count = COUNT(record_api_routes);
