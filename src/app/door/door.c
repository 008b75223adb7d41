/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* door.c - opening a door, loading through it, transactions. */
#include <string.h>

#include "answers/answers.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "door/internal.h"
#include "journal/journal.h"
#include "log/log.h"
#include "queries/competitors.h"
#include "records/choices.h"

static const struct sight everything = {.program = "rights"};

struct fault *mandates_of(struct door *d, int64_t person, struct mandate **mandates, size_t *count)
{
    struct filter theirs = {
        .field = field_find(&mandate_type, "person"), .comparison = OPERATOR_EQUAL, .integer = person};
    struct list_query query = {
        .type = &mandate_type, .filters = &theirs, .filter_count = 1, .limit = LIMIT_LIST_ROWS};
    return rows_list(d->read, d->arena, &query, &everything, (void **)mandates, count, NULL);
}

/* Organisations the person may act for today. */
static struct fault *load_mandates(struct door *d, int64_t person)
{
    struct mandate *all = NULL;
    size_t count = 0;
    TRY(mandates_of(d, person, &all, &count));
    int64_t *organisations = NEW(d->arena, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        if (day_within(d->day, all[i].since, all[i].until))
            organisations[d->viewer.count++] = all[i].organisation;
    d->viewer.organisations = organisations;
    return NULL;
}

/* Facilitators are told what is shut to competitors, whomever they act for. */
static struct fault *load_competitors(struct door *d)
{
    struct viewer *v = &d->viewer;
    struct competing_row *rows = NULL;
    if (!v->count || v->roles & ROLE_FACILITATOR)
        return NULL;
    TRY(competitors_of_any(d->read, d->arena, v->organisations, v->count, &rows, &v->competitor_count));
    int64_t *ids = NEW(d->arena, int64_t, v->competitor_count + 1);
    for (size_t i = 0; i < v->competitor_count; i++)
        ids[i] = rows[i].organisation;
    v->competitors = ids;
    return NULL;
}

/* Roles, name and mandates of whoever may sign in; a visitor's of anybody else. */
static struct fault *load_person(struct door *d, int64_t person)
{
    struct person p;
    struct fault *absent = rows_load(d->read, d->arena, &person_type, person, &everything, &p);
    if (absent && absent->code == FAULT_NOT_FOUND)
        return NULL;
    TRY(absent);
    if (p.active == FLAG_NO)
        return NULL;
    d->viewer.person = person;
    d->viewer.roles |= (int)role_of_code(p.role);
    d->person_name = p.name;
    TRY(answer_last(d->read, person, &d->answered));
    TRY(load_mandates(d, person));
    return load_competitors(d);
}

static struct fault *recognise(struct door *d, int64_t person)
{
    struct known_people *known = space_people(d->space);
    struct known who;
    int64_t generation;
    TRY(door_generation(d, &generation));
    if (known_find(known, d->arena, person, generation, d->day, &who)) {
        d->viewer = who.viewer;
        d->person_name = who.name;
        d->answered = who.answered;
        return NULL;
    }
    TRY(load_person(d, person));
    if (d->viewer.person)
        known_keep(known, generation, d->day, &(struct known){d->viewer, d->person_name, d->answered});
    return NULL;
}

static struct door *door_new(struct space *s, struct arena *a)
{
    struct door *d = NEW(a, struct door, 1);
    *d = (struct door){.space = s,
                       .arena = a,
                       .viewer.roles = ROLE_VISITOR,
                       .person_name = "",
                       .day = today(),
                       .generation = UNKNOWN_INTEGER};
    return d;
}

struct fault *door_open(struct space *s, struct arena *a, int64_t person, struct door **out)
{
    struct door *d = door_new(s, a);
    TRY(read_begin(space_db(s), a, &d->read));
    d->way = READING_PAGE;
    if (person)
        TRY(recognise(d, person));
    *out = d;
    return NULL;
}

struct fault *door_open_program(struct space *s, struct arena *a, struct door **out)
{
    struct door *d = door_new(s, a);
    TRY(read_begin(space_db(s), a, &d->read));
    d->viewer = (struct viewer){.program = true, .roles = ROLES_ANYONE | ROLE_OPERATOR};
    *out = d;
    return NULL;
}

struct fault *door_open_class(struct space *s, struct arena *work, struct arena *results,
                              struct viewer viewer, struct door **out)
{
    struct door *d = door_new(s, results);
    TRY(read_begin(space_db(s), work, &d->read));
    d->viewer = viewer;
    *out = d;
    return NULL;
}

struct fault *door_open_everybody(struct door *d, struct door **everybody)
{
    return door_open_class(d->space, d->arena, d->arena,
                           (struct viewer){.roles = ROLE_VISITOR | ROLE_MEMBER, .person = -1}, everybody);
}

struct fault *door_generation(struct door *d, int64_t *generation)
{
    if (d->transaction)
        return journal_last(door_connection(d), generation);
    if (!known_integer(d->generation)) /* every change leaves an entry */
        TRY(journal_last(d->read, &d->generation));
    *generation = d->generation;
    return NULL;
}

struct arena *door_arena(const struct door *d)
{
    return d->arena;
}

struct space *door_space(const struct door *d)
{
    return d->space;
}

const struct viewer *door_viewer(const struct door *d)
{
    return &d->viewer;
}

const char *door_person_name(const struct door *d)
{
    return d->person_name;
}

int64_t door_answered(const struct door *d)
{
    return d->answered;
}

struct connection *door_connection(struct door *d)
{
    return d->transaction ? transaction_connection(d->transaction) : d->read;
}

struct transaction *door_transaction(struct door *d)
{
    return d->transaction;
}

struct sight door_sight(const struct door *d)
{
    return (struct sight){.program = d->viewer.program ? "program" : NULL,
                          .signed_in = viewer_signed_in(&d->viewer),
                          .facilitator = (d->viewer.roles & ROLE_FACILITATOR) != 0,
                          .person = d->viewer.person,
                          .role = d->viewer.roles,
                          .organisations = d->viewer.organisations,
                          .count = d->viewer.count,
                          .competitors = d->viewer.competitors,
                          .competitor_count = d->viewer.competitor_count};
}

bool door_field_shown(const struct door *d, const struct record_type *type, const struct field *f,
                      const void *record)
{
    return d->viewer.program || field_visible(type, f, record, &d->viewer);
}

static void forget(const struct field *f, void *record)
{
    const struct record_type one = {.fields = f, .count = 1};
    record_clear(&one, record);
}

field_mask door_mask(const struct door *d, const struct record_type *type, void *record)
{
    field_mask shown = 0;
    for (int i = 0; i < type->count; i++)
        if (door_field_shown(d, type, &type->fields[i], record))
            shown |= (field_mask)1 << i;
    for (int i = 0; i < type->count; i++) /* after all were judged: owner and level are fields too */
        if (!(shown >> i & 1))
            forget(&type->fields[i], record);
    return shown;
}

static bool refers_freely(const struct record_type *type, const struct field *f)
{
    return f->kind == KIND_ref && !(type->owner && strcmp(type->owner, f->name) == 0) &&
           record_type_find(f->to)->name_field;
}

struct fault *reference_seen(struct door *d, const struct field *f, int64_t id, bool *seen)
{
    const char **name = NULL;
    TRY(door_names(d, record_type_find(f->to), &id, 1, &name));
    *seen = name[0] != NULL;
    return NULL;
}

struct fault *hide_references(struct door *d, const struct record_type *type, void *records, size_t count)
{
    for (int i = 0; i < type->count && !d->viewer.program; i++) {
        const struct field *f = &type->fields[i];
        size_t known = 0;
        if (!refers_freely(type, f))
            continue;
        int64_t *ids = NEW(d->arena, int64_t, count + 1);
        for (size_t k = 0; k < count; k++)
            known += (ids[k] = *(const int64_t *)field_in(f, (char *)records + k * type->size)) != 0;
        const char **names = NULL;
        if (known)
            TRY(door_names(d, record_type_find(f->to), ids, count, &names));
        for (size_t k = 0; k < count && known; k++)
            if (!names[k])
                *(int64_t *)field_at(f, (char *)records + k * type->size) = 0;
    }
    return NULL;
}

struct fault *door_load_any(struct door *d, const struct record_type *type, int64_t id, void *record,
                            field_mask *shown)
{
    struct sight sight = door_sight(d);
    TRY(rows_load(door_connection(d), d->arena, type, id, &sight, record));
    field_mask mask = door_mask(d, type, record);
    if (shown)
        *shown = mask;
    TRY(note_reading(d, type, record));
    return hide_references(d, type, record, 1);
}

struct fault *door_names(struct door *d, const struct record_type *type, const int64_t *ids, size_t count,
                         const char ***names)
{
    struct sight sight = door_sight(d);
    return rows_names(door_connection(d), d->arena, type, ids, count, &sight, names);
}

bool door_may_write(const struct door *d, const struct record_type *type, const void *record)
{
    return record_writable(type, record, &d->viewer);
}

struct fault *door_looks_after(struct door *d, const struct record_type *type, int64_t id, bool *after)
{
    struct sight sight = door_sight(d);
    void *record = record_new(d->arena, type);
    struct fault *hidden = rows_load(door_connection(d), d->arena, type, id, &sight, record);
    *after = !hidden && record_looked_after(type, record, &d->viewer);
    return hidden && hidden->code == FAULT_NOT_FOUND ? NULL : hidden;
}

bool door_may_create(const struct door *d, const struct record_type *type)
{
    return type_creatable(type, &d->viewer);
}

/* After a transaction, reads see what came of it. When they cannot, whoever asks next is told: a change is
 * made all the same. Returns `outcome`, its text kept. */
static struct fault *read_anew(struct door *d, struct fault *outcome)
{
    struct fault kept = outcome ? *outcome : (struct fault){0};
    struct connection *other = NULL;
    d->generation = UNKNOWN_INTEGER;
    struct fault *failed = read_again(d->read);
    if (failed)
        failed = read_begin(space_db(d->space), d->arena, &other);
    if (failed)
        log_fault("reading after a change", failed);
    if (other)
        d->read = other;
    return outcome ? fault_again(&kept) : NULL;
}

struct fault *door_begin(struct door *d)
{
    if (d->once && d->once->answered)
        return once_over();
    if (d->once && d->transaction)
        return NULL;
    read_rest(d->read);
    struct fault *wrong = transaction_begin(space_db(d->space), d->arena, &d->transaction);
    if (wrong)
        return read_anew(d, wrong);
    return d->once ? once_begun(d) : NULL;
}

void door_abandon(struct door *d)
{
    if (!d->transaction)
        return;
    transaction_abandon(d->transaction);
    d->transaction = NULL;
    (void)!read_anew(d, NULL);
}

struct fault *door_commit(struct door *d)
{
    if (d->once && !d->once->answered) /* with its answer, in door_once_keep(); a refusal is answered now */
        return transaction_settle(d->transaction);
    struct transaction *t = d->transaction;
    struct fault *over = arena_check(d->arena); /* not later: a change that is made is not told as failed */
    if (over) {
        struct fault kept = *over;
        door_abandon(d);
        return fault_again(&kept);
    }
    d->transaction = NULL;
    return read_anew(d, transaction_commit(t));
}
