/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/readers.h"

#include <string.h>

#include "arena/arena.h"
#include "roster/letters.h"

static bool is_refused(const struct roster_refused *refused, size_t count, const char *address)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(refused[i].address, address) == 0)
            return true;
    return false;
}

struct fault *mail_readers(struct house *h, const struct space_info *s, struct arena *a, int64_t batch,
                           struct person **readers, size_t *count, bool *more)
{
    struct door *d = NULL;
    struct list_page page;
    struct roster_refused *refused = NULL;
    size_t refused_count = 0;
    TRY(door_open_program(s->space, a, &d));
    TRY(door_list(d,
                  &(struct list_request){
                      .type = &person_type, .sort = "name", .page = batch, .per_page = READERS_AT_ONCE},
                  &page));
    TRY(roster_refused_addresses(house_roster(h), a, s->name, &refused, &refused_count));
    struct person *all = page.records;
    *count = 0;
    for (size_t i = 0; i < page.count; i++)
        if (all[i].email && all[i].active != FLAG_NO && !is_refused(refused, refused_count, all[i].email))
            all[(*count)++] = all[i];
    *readers = all;
    *more = page.count == READERS_AT_ONCE;
    return NULL;
}

struct fault *mail_reader(struct house *h, const struct space_info *s, struct arena *a, int64_t person,
                          struct person *p, bool *reads)
{
    struct door *d = NULL;
    struct roster_refused *refused = NULL;
    size_t count = 0;
    TRY(door_open_program(s->space, a, &d));
    struct fault *failed = door_load(d, person, person, p, NULL);
    *reads = !failed && p->email && p->active != FLAG_NO;
    if (failed)
        return failed->code == FAULT_NOT_FOUND ? NULL : failed;
    TRY(roster_refused_addresses(house_roster(h), a, s->name, &refused, &count));
    *reads = *reads && !is_refused(refused, count, p->email);
    return NULL;
}

struct fault *mail_reads(const struct space_info *s, int64_t person, const char *address, bool *still)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct person p;
    TRY(door_open_program(s->space, work, &d));
    struct fault *failed = door_load(d, person, person, &p, NULL);
    *still = !failed && p.active != FLAG_NO && p.email && strcmp(p.email, address) == 0;
    return failed && failed->code != FAULT_NOT_FOUND ? failed : NULL;
}
