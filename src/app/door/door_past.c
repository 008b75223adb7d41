/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* door_past.c - records and lists as they stood, with the rights of today.
 *
 * What stood then is shown to whom it was open then and is open now: by today's roles and mandates on the
 * level, owner and owner's level of both times, and so is what it hangs on. What was deleted since is for those who see its owner's
 * confidential matters; what another organisation owned then, for those who see that one's. */
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "door/internal.h"
#include "door/past_list.h"
#include "journal/past.h"

/* Open at a time: by its own level, and by its owner's. */
static bool open_then(const struct door *d, const struct record_type *type, const void *then, bool owner_open)
{
    return d->viewer.program || (owner_open && record_visible(type, then, &d->viewer));
}

static bool owned_by_another(const struct record_type *type)
{
    return type->owner && strcmp(type->owner, "id") != 0;
}

/* Was an organisation open at the entry `bound`? */
static struct fault *owner_open_at(struct door *d, int64_t owner, int64_t bound, bool *open)
{
    struct organisation o;
    struct past p;
    *open = d->viewer.program;
    if (*open)
        return NULL;
    TRY(past_of(door_connection(d), d->arena, organisation_type.name, owner, bound, &p));
    past_record(&p, &organisation_type, d->arena, ALL_FIELDS, &o);
    *open = p.known && p.present && record_visible(&organisation_type, &o, &d->viewer);
    return NULL;
}

/* May the organisation that a deleted record belonged to be seen now? */
static struct fault *owner_open_now(struct door *d, const struct record_type *type, int64_t owner, bool *open)
{
    struct now_record o;
    *open = true;
    if (d->viewer.program || !owned_by_another(type))
        return NULL;
    struct fault *hidden = now_load(d, &organisation_type, owner, &o);
    *open = !hidden;
    return hidden && hidden->code == FAULT_NOT_FOUND ? NULL : hidden;
}

/* Was what a record hangs on open before the entry `bound`, and is it now? Their own is open to its people. */
static struct fault *within_open(struct door *d, const struct record_type *type, const void *record,
                                 int64_t bound, bool *open)
{
    const struct field *f = record_hangs_by(type, record);
    struct now_record now;
    struct past p;
    *open = true;
    if (!f || d->viewer.program || viewer_acts_for(&d->viewer, record_owner(type, record)))
        return NULL;
    const struct record_type *to = record_type_find(f->to);
    int64_t id = *(const int64_t *)field_in(f, record);
    struct fault *hidden = now_load(d, to, id, &now);
    *open = !hidden;
    if (hidden)
        return hidden->code == FAULT_NOT_FOUND ? NULL : hidden;
    *open = !record_taken_off(type, record) || record_looked_after(to, now.record, &d->viewer);
    if (!*open)
        return NULL;
    TRY(past_of(door_connection(d), d->arena, to->name, id, bound, &p));
    return state_open(d, to, &p, now.owner, bound, record_new(d->arena, to), open);
}

struct fault *now_load(struct door *d, const struct record_type *type, int64_t id, struct now_record *now)
{
    struct sight sight = door_sight(d);
    struct past p;
    void *record = record_new(d->arena, type);
    struct fault *absent = rows_load(door_connection(d), d->arena, type, id, &sight, record);
    *now = (struct now_record){.record = record, .owner = record_owner(type, record)};
    if (absent && absent->code != FAULT_NOT_FOUND)
        return absent;
    if (absent) {
        struct fault kept = *absent;
        TRY(past_of(door_connection(d), d->arena, type->name, id, PAST_NOW, &p));
        past_record(&p, type, d->arena, ALL_FIELDS, record);
        now->owner = record_owner(type, record);
        now->deleted = p.known && !p.present;
        bool seen = now->deleted && record_visible(type, record, &d->viewer) &&
                    level_visible(&d->viewer, VISIBILITY_CONFIDENTIAL, now->owner);
        if (seen)
            TRY(owner_open_now(d, type, now->owner, &seen));
        if (seen)
            TRY(within_open(d, type, record, PAST_NOW, &seen));
        if (!seen)
            return fault_again(&kept);
    }
    now->shown = door_mask(d, type, record);
    return NULL;
}

/* Hides fields that were not the viewer's then, or would not be now. */
static field_mask mask_then(struct door *d, const struct record_type *type, int64_t owner, void *then)
{
    field_mask hidden = 0;
    if (owner != record_owner(type, then) && owned_by_another(type) && !d->viewer.program)
        for (int i = 0; i < type->count; i++)
            if (!level_visible(&d->viewer, type->fields[i].visibility, owner) &&
                type->fields[i].visibility != VISIBILITY_INHERIT)
                hidden |= (field_mask)1 << i;
    field_mask shown = door_mask(d, type, then) & ~hidden;
    for (int i = 0; i < type->count; i++)
        if (hidden >> i & 1)
            record_clear(&(struct record_type){.fields = &type->fields[i], .count = 1}, then);
    return shown;
}

static field_mask field_bit(const struct record_type *type, const char *name)
{
    const struct field *f = name ? field_find(type, name) : NULL;
    return f ? (field_mask)1 << (f - type->fields) : 0;
}

static bool past_owner_open(const struct door *d, const struct record_type *type, const void *then,
                            int64_t owner)
{
    int64_t was = record_owner(type, then);
    return d->viewer.program || was == owner || level_visible(&d->viewer, VISIBILITY_CONFIDENTIAL, was);
}

struct fault *state_open(struct door *d, const struct record_type *type, const struct past *p, int64_t owner,
                         int64_t bound, void *then, bool *open)
{
    bool owner_open = true;
    past_record(p, type, d->arena, ALL_FIELDS, then);
    *open = p->present && p->known;
    if (*open && owned_by_another(type))
        TRY(owner_open_at(d, record_owner(type, then), bound, &owner_open));
    *open &= open_then(d, type, then, owner_open) && past_owner_open(d, type, then, owner);
    return *open ? within_open(d, type, then, bound, open) : NULL;
}

/* Corrections show in the past: like the history it is for people of the space. */
static struct fault *check_signed_in(const struct door *d)
{
    if (d->viewer.program || viewer_signed_in(&d->viewer))
        return NULL;
    return fault(FAULT_DENIED, "How things stood is for people of the space: sign in.");
}

static struct fault *then_of(struct door *d, const struct record_type *type, int64_t id, int64_t bound,
                             void *record, field_mask *shown, bool *seen)
{
    struct past p;
    struct now_record now;
    TRY(now_load(d, type, id, &now));
    TRY(past_of(door_connection(d), d->arena, type->name, id, bound, &p));
    TRY(state_open(d, type, &p, now.owner, bound, record, seen));
    *shown = *seen ? mask_then(d, type, now.owner, record) : 0;
    return NULL;
}

struct fault *door_load_as_of(struct door *d, const struct record_type *type, int64_t id, int64_t at_us,
                              void *record, field_mask *shown)
{
    int64_t bound;
    bool seen;
    field_mask mask;
    TRY(check_signed_in(d));
    TRY(past_bound(door_connection(d), at_us, &bound));
    TRY(then_of(d, type, id, bound, record, &mask, &seen));
    if (!seen)
        return fault(FAULT_NOT_FOUND, "There was none here then that you may see.");
    if (shown)
        *shown = mask;
    TRY(note_reading(d, type, record));
    return hide_references(d, type, record, 1);
}

/* Lists. */

struct owned_id {
    int64_t id, owner;
};

struct owned_ids {
    struct owned_id *at;
    size_t count, capacity;
};

struct listing {
    struct door *door;
    struct arena *work;
    const struct record_type *type;
    const struct list_query *query;
    int64_t bound;                /* of the time */
    field_mask needed;            /* by filters, order and rights */
    struct owned_ids now, owners; /* seen now; organisations open then */
    char *records;                /* open then, with the needed fields */
    size_t count, capacity;
};

static int compare_id(const void *a, const void *b)
{
    const struct owned_id *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static const struct owned_id *find(const struct owned_ids *ids, int64_t id)
{
    const struct owned_id key = {.id = id};
    return ids->count ? bsearch(&key, ids->at, ids->count, sizeof key, compare_id) : NULL;
}

static void sort_ids(struct owned_ids *ids)
{
    if (ids->count)
        qsort(ids->at, ids->count, sizeof *ids->at, compare_id);
}

static struct fault *collect_owner(void *owner, const struct past *p)
{
    struct listing *l = owner;
    struct organisation o;
    past_record(p, &organisation_type, l->work,
                field_bit(&organisation_type, organisation_type.visibility_field), &o);
    if (p->present && record_visible(&organisation_type, &o, &l->door->viewer))
        *PUSH(l->work, l->owners.at, l->owners.count, l->owners.capacity) =
            (struct owned_id){.id = p->record};
    return arena_check(l->work);
}

static struct fault *collect_then(void *owner, const struct past *p)
{
    struct listing *l = owner;
    if (!p->present)
        return NULL;
    if (l->count == l->capacity) {
        l->capacity = l->capacity ? 2 * l->capacity : 64;
        l->records =
            arena_grow(l->work, l->records, l->count, l->capacity, l->type->size, alignof(max_align_t));
    }
    void *then = l->records + l->count * l->type->size;
    past_record(p, l->type, l->work, l->needed, then);
    bool owner_open = !owned_by_another(l->type) || find(&l->owners, record_owner(l->type, then));
    l->count += open_then(l->door, l->type, then, owner_open);
    return arena_check(l->work);
}

/* What may be seen now, and whose it is. */
static struct fault *load_now(struct listing *l)
{
    struct sight sight = door_sight(l->door);
    struct list_query query = {
        .type = l->type, .limit = LIMIT_EXPORT_ROWS, .skip = ~field_bit(l->type, l->type->owner)};
    char *now = NULL;
    size_t count = 0;
    TRY(rows_list(door_connection(l->door), l->work, &query, &sight, (void **)&now, &count, NULL));
    for (size_t i = 0; i < count; i++) {
        const void *one = now + i * l->type->size;
        *PUSH(l->work, l->now.at, l->now.count, l->now.capacity) =
            (struct owned_id){((const struct record_head *)one)->id, record_owner(l->type, one)};
    }
    sort_ids(&l->now);
    return arena_check(l->work);
}

/* May it be seen now as well? What is not there any more is looked up for those it may be for. */
static struct fault *open_now(struct listing *l, const void *then, bool *open)
{
    int64_t id = ((const struct record_head *)then)->id, was = record_owner(l->type, then);
    struct now_record gone;
    const struct owned_id *now = find(&l->now, id);
    *open = now && past_owner_open(l->door, l->type, then, now->owner);
    if (now || !level_visible(&l->door->viewer, VISIBILITY_CONFIDENTIAL, was))
        return NULL;
    struct fault *hidden = now_load(l->door, l->type, id, &gone);
    *open = !hidden && past_owner_open(l->door, l->type, then, gone.owner);
    return hidden && hidden->code == FAULT_NOT_FOUND ? NULL : hidden;
}

static bool wanted(const struct listing *l, const void *then)
{
    bool holds = true;
    for (size_t i = 0; i < l->query->filter_count && holds; i++)
        holds = filter_holds(&l->query->filters[i], then);
    return holds;
}

static struct fault *keep_wanted(struct listing *l)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++) {
        char *then = l->records + i * l->type->size;
        bool open = true;
        if (!l->door->viewer.program)
            TRY(open_now(l, then, &open));
        if (open)
            TRY(within_open(l->door, l->type, then, l->bound, &open));
        if (open)
            memmove(l->records + kept++ * l->type->size, then, l->type->size);
    }
    l->count = kept;
    TRY(hide_references(l->door, l->type, l->records, l->count)); /* hidden ones count as none */
    kept = 0;
    for (size_t i = 0; i < l->count; i++)
        if (wanted(l, l->records + i * l->type->size))
            memmove(l->records + kept++ * l->type->size, l->records + i * l->type->size, l->type->size);
    l->count = kept;
    return NULL;
}

static struct fault *order(struct listing *l)
{
    const struct field *f = l->query->sort;
    const char **names = NULL;
    if (f && f->kind == KIND_ref) {
        int64_t *ids = NEW(l->work, int64_t, l->count + 1);
        for (size_t i = 0; i < l->count; i++)
            ids[i] = *(const int64_t *)field_in(f, l->records + i * l->type->size);
        TRY(door_names(l->door, record_type_find(f->to), ids, l->count, &names));
    }
    records_order(l->work, l->query, names, l->records, l->count);
    return arena_check(l->work);
}

/* Where the page begins: behind a record, wherever that stands. */
static int64_t first_of(const struct listing *l, int64_t behind)
{
    for (size_t i = 0; behind && i < l->count; i++)
        if (((const struct record_head *)(const void *)(l->records + i * l->type->size))->id == behind)
            return (int64_t)i + 1;
    return l->query->offset < (int64_t)l->count ? l->query->offset : (int64_t)l->count;
}

/* The page of an ordered list, whole. */
static struct fault *page_then(struct listing *l, int64_t behind, struct list_page *out)
{
    int64_t first = out->before = first_of(l, behind);
    int64_t left = (int64_t)l->count - first, most = left < l->query->limit ? left : l->query->limit;
    struct door *d = l->door;
    out->total = (int64_t)l->count;
    out->records = arena_alloc(d->arena, (size_t)most + 1, l->type->size, alignof(max_align_t));
    out->shown = NEW(d->arena, field_mask, most + 1);
    for (int64_t i = 0; i < most; i++) {
        void *record = (char *)out->records + out->count * l->type->size;
        const struct record_head *head = (const void *)(l->records + (size_t)(first + i) * l->type->size);
        bool seen;
        TRY(then_of(d, l->type, head->id, l->bound, record, &out->shown[out->count], &seen));
        if (!seen)
            continue;
        TRY(door_note_listed(d, l->type, record));
        out->count++;
    }
    return hide_references(d, l->type, out->records, out->count);
}

static field_mask needed_fields(const struct list_query *q)
{
    const struct record_type *t = q->type;
    field_mask needed = field_bit(t, t->owner) | field_bit(t, t->visibility_field) | field_bit(t, t->reader);
    for (int i = 0; i < t->count; i++)
        needed |= (field_mask)(t->fields[i].within || t->fields[i].takes_off) << i;
    for (size_t i = 0; i < q->filter_count; i++)
        needed |= (field_mask)1 << (q->filters[i].field - t->fields);
    return needed | (q->sort ? (field_mask)1 << (q->sort - t->fields) : field_bit(t, t->name_field));
}

struct fault *list_as_of(struct door *d, const struct list_query *query, int64_t at_us, int64_t behind,
                         struct list_page *out)
{
    ARENA_SCOPE(work);
    struct listing l = {
        .door = d, .work = work, .type = query->type, .query = query, .needed = needed_fields(query)};
    TRY(check_signed_in(d));
    if (query->sort && query->sort->kind == KIND_terms)
        return fault_in(query->sort->name,
                        fault(FAULT_INVALID, "A list of the past is not ordered by this."));
    TRY(past_bound(door_connection(d), at_us, &l.bound));
    if (owned_by_another(l.type) && !d->viewer.program)
        TRY(past_each(door_connection(d), organisation_type.name, l.bound, collect_owner, &l));
    sort_ids(&l.owners);
    TRY(past_each(door_connection(d), l.type->name, l.bound, collect_then, &l));
    if (!d->viewer.program)
        TRY(load_now(&l));
    TRY(keep_wanted(&l));
    TRY(order(&l));
    return page_then(&l, behind, out);
}
