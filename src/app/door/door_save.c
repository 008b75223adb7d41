/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* door_save.c - changes: who may, on what, and what a form that showed less cannot touch. */
#include <string.h>

#include "arena/arena.h"
#include "door/internal.h"
#include "i18n/i18n.h"

static const struct sight everything = {.everything = true};

/* Copies one field between two records of a type. */
static void copy_field(const struct field *f, void *to, const void *from)
{
    static const size_t sizes[] = {
        [KIND_text] = sizeof(c_text),         [KIND_longtext] = sizeof(c_longtext),
        [KIND_integer] = sizeof(c_integer),   [KIND_real] = sizeof(c_real),
        [KIND_measure] = sizeof(c_measure),   [KIND_interval] = sizeof(c_interval),
        [KIND_flag] = sizeof(c_flag),         [KIND_date] = sizeof(c_date),
        [KIND_choice] = sizeof(c_choice),     [KIND_ref] = sizeof(c_ref),
        [KIND_terms] = sizeof(c_terms),
    };
    memcpy(field_at(f, to), field_in(f, from), sizes[f->kind]);
}

/* A reference that changes must lead to a record the viewer may see; absent and hidden are told alike. */
static struct fault *check_reference(struct door *d, const struct field *f, const void *record)
{
    int64_t id = *(const int64_t *)field_in(f, record);
    const struct record_type *to = record_type_find(f->to);
    if (!id || !to)
        return NULL;
    struct sight sight = door_sight(d);
    const char **name = NULL;
    TRY(rows_names(door_connection(d), d->arena, to, &id, 1, &sight, &name));
    if (name[0])
        return NULL;
    return fault_in(f->name, fault(FAULT_INVALID, "%s: this record does not exist.", tr(f->label)));
}

static bool facet_allowed(const char *facets, const char *facet)
{
    for (const char *p = facets; p && facet && *p; p += strcspn(p, "|"), p += *p == '|')
        if (strcspn(p, "|") == strlen(facet) && strncmp(p, facet, strlen(facet)) == 0)
            return true;
    return !facets;
}

static struct fault *check_terms(struct door *d, const struct field *f, const void *record)
{
    const struct term_list *terms = field_in(f, record);
    if (!terms->count)
        return NULL;
    if (terms->count > LIMIT_TERMS)
        return fault_in(f->name, fault(FAULT_LIMIT, "%s: at most %d terms.", tr(f->label), LIMIT_TERMS));
    struct term *found = NULL;
    size_t count = 0;
    int64_t total = 0;
    struct list_query query = {
        .type = &term_type, .ids = terms->ids, .id_count = terms->count, .limit = LIMIT_TERMS};
    TRY(rows_list(door_connection(d), d->arena, &query, &everything, (void **)&found, &count, &total));
    bool good = count == terms->count;
    for (size_t i = 0; i < count && good; i++)
        good = facet_allowed(f->to, found[i].facet);
    if (good)
        return NULL;
    return fault_in(f->name, fault(FAULT_INVALID, "%s: unknown term.", tr(f->label)));
}

static struct fault *check_links(struct door *d, const struct record_type *type, const void *record,
                                 const void *stored)
{
    for (int i = 0; i < type->count; i++) {
        const struct field *f = &type->fields[i];
        if (stored && field_equal(f, record, stored))
            continue;
        if (f->kind == KIND_ref)
            TRY(check_reference(d, f, record));
        if (f->kind == KIND_terms)
            TRY(check_terms(d, f, record));
    }
    return NULL;
}

static struct fault *denied(const struct record_type *type)
{
    return fault(FAULT_DENIED, "You may not change this: %s.", tr(type->title));
}

/* The stored record with the allowed changes of `record` laid over it; `record` becomes the result. */
static struct fault *merge(struct door *d, const struct record_type *type, void *record, field_mask mask,
                           void *stored)
{
    const struct record_head *asked = record;
    struct sight sight = door_sight(d);
    TRY(rows_load(door_connection(d), d->arena, type, asked->id, &sight, stored));
    if (!type_writable(type, record_owner(type, stored), &d->viewer))
        return denied(type);
    if (((struct record_head *)stored)->version != asked->version)
        return fault(FAULT_CONFLICT, "Somebody changed this record in the meantime: read it again before saving.");
    for (int i = 0; i < type->count; i++) {
        const struct field *f = &type->fields[i];
        if (!(mask >> i & 1) || !door_field_shown(d, type, f, stored))
            copy_field(f, record, stored);
    }
    return NULL;
}

static struct fault *save(struct door *d, const struct record_type *type, void *record, field_mask mask)
{
    const struct record_head *head = record;
    void *stored = NULL;
    if (head->id) {
        stored = NEW(d->arena, char, type->size + sizeof(max_align_t));
        TRY(merge(d, type, record, mask, stored));
    }
    if (!type_writable(type, record_owner(type, record), &d->viewer))
        return denied(type);
    TRY(record_check(type, record));
    if (!d->viewer.program)
        TRY(check_links(d, type, record, stored));
    return stored ? rows_update(d->transaction, type, record, d->viewer.person)
                  : rows_insert(d->transaction, type, record, d->viewer.person);
}

/* Runs one change in the open transaction, or in one of its own. */
#define IN_TRANSACTION(d, call)                                                                              \
    do {                                                                                                     \
        bool own = !(d)->transaction;                                                                        \
        if (own)                                                                                             \
            TRY(door_begin(d));                                                                              \
        struct fault *failed = (call);                                                                       \
        if (failed)                                                                                          \
            return failed; /* the arena rolls back; the door is not used for another change */               \
        return own ? door_commit(d) : NULL;                                                                  \
    } while (0)

struct fault *door_save_any(struct door *d, const struct record_type *type, void *record, field_mask mask)
{
    IN_TRANSACTION(d, save(d, type, record, mask));
}

static struct fault *remove_record(struct door *d, const struct record_type *type, int64_t id, int64_t version)
{
    void *stored = NEW(d->arena, char, type->size + sizeof(max_align_t));
    struct sight sight = door_sight(d);
    TRY(rows_load(door_connection(d), d->arena, type, id, &sight, stored));
    if (!type_writable(type, record_owner(type, stored), &d->viewer))
        return denied(type);
    return rows_delete(d->transaction, type, id, version, d->viewer.person);
}

struct fault *door_delete(struct door *d, const struct record_type *type, int64_t id, int64_t version)
{
    IN_TRANSACTION(d, remove_record(d, type, id, version));
}

/* Brought back first, judged after: a deleted record cannot be loaded. A refusal rolls the whole back. */
static struct fault *bring_back(struct door *d, const struct record_type *type, int64_t id)
{
    TRY(rows_restore(d->transaction, type, id, d->viewer.person));
    void *stored = NEW(d->arena, char, type->size + sizeof(max_align_t));
    struct sight sight = door_sight(d);
    TRY(rows_load(door_connection(d), d->arena, type, id, &sight, stored));
    return type_writable(type, record_owner(type, stored), &d->viewer) ? NULL : denied(type);
}

struct fault *door_restore(struct door *d, const struct record_type *type, int64_t id)
{
    IN_TRANSACTION(d, bring_back(d, type, id));
}
