/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "reminders/concerned.h"

#include <stdlib.h>

#include "arena/arena.h"
#include "queries/introductions.h"

struct concerned {
    struct door *door;
    int64_t *people;
    size_t count, capacity;
    int64_t *organisations;
    size_t organisation_count, organisation_capacity;
    bool facilitators, everybody;
};

static void add_person(struct concerned *c, int64_t person)
{
    *PUSH(door_arena(c->door), c->people, c->count, c->capacity) = person;
}

static bool is_new(struct concerned *c, int64_t organisation)
{
    for (size_t i = 0; i < c->organisation_count; i++)
        if (c->organisations[i] == organisation)
            return false;
    *PUSH(door_arena(c->door), c->organisations, c->organisation_count, c->organisation_capacity) =
        organisation;
    return true;
}

static struct fault *add_organisation(struct concerned *c, int64_t organisation)
{
    struct list_page page;
    if (!is_new(c, organisation))
        return NULL;
    TRY(door_list_of(c->door, &mandate_type, "organisation", organisation, &page));
    const struct mandate *all = page.records;
    for (size_t i = 0; i < page.count; i++)
        add_person(c, all[i].person);
    return NULL;
}

static struct fault *add_facilitators(struct concerned *c)
{
    const struct list_filter of = {"role", "facilitator"};
    struct list_page page;
    TRY(door_list(c->door,
                  &(struct list_request){.type = &person_type,
                                         .filters = &of,
                                         .filter_count = 1,
                                         .plain = true,
                                         .per_page = LIMIT_LIST_ROWS},
                  &page));
    const struct person *all = page.records;
    for (size_t i = 0; i < page.count; i++)
        add_person(c, all[i].id);
    return NULL;
}

/* What was removed waits on nobody. */
static struct fault *add_change(struct concerned *c, const struct introduction_change *change)
{
    const struct record_type *type = record_type_find(change->type);
    if (type == &person_type) {
        add_person(c, change->record);
        return NULL;
    }
    c->everybody = c->everybody || type == &reminder_rate_type;
    c->facilitators = c->facilitators || type != &mandate_type;
    void *record = record_new(door_arena(c->door), type);
    struct fault *failed = door_load_any(c->door, type, change->record, record, NULL);
    if (failed)
        return failed->code == FAULT_NOT_FOUND ? NULL : failed;
    if (type == &mandate_type)
        add_person(c, ((const struct mandate *)record)->person);
    else if (!c->everybody)
        return add_organisation(c, record_owner(type, record));
    return NULL;
}

static int by_id(const void *x, const void *y)
{
    const int64_t one = *(const int64_t *)x, other = *(const int64_t *)y;
    return (one > other) - (one < other);
}

struct fault *reminders_concerned(const struct space_info *s, struct arena *a, int64_t after,
                                  int64_t **people, size_t *count, bool *everybody)
{
    struct concerned c = {0};
    struct introduction_change *changes = NULL;
    size_t change_count = 0;
    TRY(door_open_program(s->space, a, &c.door));
    TRY(introductions_changes(door_connection(c.door), a, after, &changes, &change_count));
    for (size_t i = 0; i < change_count && !c.everybody; i++)
        TRY(add_change(&c, &changes[i]));
    if (c.facilitators)
        TRY(add_facilitators(&c));
    if (c.count)
        qsort(c.people, c.count, sizeof *c.people, by_id);
    *count = 0;
    for (size_t i = 0; i < c.count; i++)
        if (!i || c.people[i] != c.people[i - 1])
            c.people[(*count)++] = c.people[i];
    *people = c.people;
    *everybody = c.everybody;
    return NULL;
}
