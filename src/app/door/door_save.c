/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* door_save.c - changes: who may, on what, and what a form that showed less cannot touch. */
#include <string.h>

#include "arena/arena.h"
#include "door/internal.h"
#include "door/rules.h"
#include "i18n/i18n.h"

static const struct sight everything = {.program = "rules"};

/* Copies one field between two records of a type. */
static void copy_field(const struct field *f, void *to, const void *from)
{
    static const size_t sizes[] = {
        [KIND_text] = sizeof(c_text),       [KIND_longtext] = sizeof(c_longtext),
        [KIND_integer] = sizeof(c_integer), [KIND_real] = sizeof(c_real),
        [KIND_measure] = sizeof(c_measure), [KIND_interval] = sizeof(c_interval),
        [KIND_flag] = sizeof(c_flag),       [KIND_date] = sizeof(c_date),
        [KIND_choice] = sizeof(c_choice),   [KIND_ref] = sizeof(c_ref),
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
    bool seen = false;
    TRY(reference_seen(d, f, id, &seen));
    if (seen)
        return NULL;
    return fault_in(f->name, fault(FAULT_INVALID, "%s: this record does not exist.", tr(f->label)));
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
        good = facet_taken(f->to, found[i].facet);
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

/* A reference that leads to a hidden record was shown as none: none given back is no change. */
static struct fault *keeps_hidden(struct door *d, const struct field *f, const void *record,
                                  const void *stored, bool *keep)
{
    int64_t before = *(const int64_t *)field_in(f, stored);
    bool seen = true;
    if (before && !*(const int64_t *)field_in(f, record))
        TRY(reference_seen(d, f, before, &seen));
    *keep = !seen;
    return NULL;
}

/* A record is taken off what it hangs on, and put back, by those who look after that; else it is theirs who write
 * it. */
static struct fault *check_change(struct door *d, const struct record_type *type, const void *record,
                                  field_mask mask, const void *stored)
{
    const struct field *off = type_takes_off(type), *by = record_hangs_by(type, stored);
    const field_mask off_bit = off ? (field_mask)1 << (off - type->fields) : 0;
    bool may = !(mask & off_bit) || field_equal(off, record, stored);
    if (!may && by)
        TRY(door_looks_after(d, record_type_find(by->to), *(const int64_t *)field_in(by, stored), &may));
    if (off && mask == off_bit)
        return may ? NULL : denied(type);
    return may && record_writable(type, stored, &d->viewer) ? NULL : denied(type);
}

/* The stored record with the allowed changes of `record` laid over it; `record` becomes the result. */
static struct fault *merge(struct door *d, const struct record_type *type, void *record, field_mask mask,
                           void *stored)
{
    const struct record_head *asked = record;
    struct sight sight = door_sight(d);
    TRY(rows_load(door_connection(d), d->arena, type, asked->id, &sight, stored));
    TRY(check_change(d, type, record, mask, stored));
    if (((struct record_head *)stored)->version != asked->version)
        return fault(FAULT_CONFLICT,
                     "Somebody changed this record in the meantime: read it again before saving.");
    for (int i = 0; i < type->count; i++) {
        const struct field *f = &type->fields[i];
        bool keep = !(mask >> i & 1) || !door_field_shown(d, type, f, stored) ||
                    !field_writable(type, f, stored, &d->viewer);
        if (!keep && f->kind == KIND_ref)
            TRY(keeps_hidden(d, f, record, stored, &keep));
        if (keep)
            copy_field(f, record, stored);
    }
    bool moved = record_owner(type, record) != record_owner(type, stored);
    return !moved || record_writable(type, record, &d->viewer) ? NULL : denied(type);
}

/* One change, as its act is given it. */
struct change {
    struct door *door;
    const struct record_type *type;
    void *record;
    field_mask mask;
    int64_t id, version;
};

/* A new record: what is not the viewer's to write starts as it starts for everybody. */
static struct fault *start(struct door *d, const struct record_type *type, void *record)
{
    for (int i = 0; i < type->count; i++) {
        const struct field *f = &type->fields[i];
        if (f->takes_off || !field_writable(type, f, record, &d->viewer))
            TRY(value_load(f, d->arena, slice_of(f->initial), record));
        if (f->author && !d->viewer.program)
            *(int64_t *)field_at(f, record) = d->viewer.person;
    }
    return record_writable(type, record, &d->viewer) ? NULL : denied(type);
}

static struct fault *save(const struct change *c)
{
    struct door *d = c->door;
    const struct record_type *type = c->type;
    void *record = c->record;
    const struct record_head *head = record;
    void *stored = NULL;
    if (head->id) {
        stored = arena_alloc(d->arena, 1, type->size, alignof(max_align_t));
        TRY(merge(d, type, record, c->mask, stored));
    }
    if (!stored)
        TRY(start(d, type, record));
    TRY(record_check(type, record));
    if (!d->viewer.program)
        TRY(check_links(d, type, record, stored));
    TRY(rules_saving(d, type, record, stored));
    return stored ? rows_update(d->transaction, type, record, d->viewer.person)
                  : rows_insert(d->transaction, type, record, d->viewer.person);
}

/* In the open transaction, or in one of its own that a refusal undoes at once. */
static struct fault *run(struct fault *(*act)(const struct change *), const struct change *c)
{
    bool own = !c->door->transaction || c->door->once;
    struct record_head *head = c->record, kept_head = head ? *head : (struct record_head){0};
    if (own)
        TRY(door_begin(c->door));
    struct fault *failed = act(c);
    if (!failed && own)
        failed = door_commit(c->door); /* which may be where a refusal is told */
    if (!failed)
        return NULL;
    struct fault kept = *failed;
    if (own)
        door_abandon(c->door);
    if (head)
        *head = kept_head;
    return fault_again(&kept);
}

struct fault *door_save_any(struct door *d, const struct record_type *type, void *record, field_mask mask)
{
    return run(save, &(struct change){.door = d, .type = type, .record = record, .mask = mask});
}

/* The record of a change as it stands, if the viewer may write it. */
static struct fault *load_writable(const struct change *c, void **stored)
{
    struct door *d = c->door;
    *stored = arena_alloc(d->arena, 1, c->type->size, alignof(max_align_t));
    struct sight sight = door_sight(d);
    TRY(rows_load(door_connection(d), d->arena, c->type, c->id, &sight, *stored));
    return record_writable(c->type, *stored, &d->viewer) ? NULL : denied(c->type);
}

static struct fault *remove_record(const struct change *c)
{
    void *stored;
    TRY(load_writable(c, &stored));
    TRY(rules_removing(c->door, c->type, stored));
    return rows_delete(c->door->transaction, c->type, c->id, c->version, c->door->viewer.person);
}

struct fault *door_delete(struct door *d, const struct record_type *type, int64_t id, int64_t version)
{
    return run(remove_record, &(struct change){.door = d, .type = type, .id = id, .version = version});
}

/* Brought back first, judged after: a deleted record cannot be loaded. A refusal rolls the whole back. */
static struct fault *bring_back(const struct change *c)
{
    void *stored;
    TRY(rows_restore(c->door->transaction, c->type, c->id, c->door->viewer.person));
    TRY(load_writable(c, &stored));
    return rules_saving(c->door, c->type, stored, NULL);
}

struct fault *door_restore(struct door *d, const struct record_type *type, int64_t id)
{
    return run(bring_back, &(struct change){.door = d, .type = type, .id = id});
}
