/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* digests.c - when a digest is due, for whom, and who wants none. */
#include "digests/digests.h"

#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "house/sealed.h"
#include "log/log.h"
#include "mail/internal.h"
#include "mail/readers.h"
#include "records/choices.h"
#include "roster/digests.h"
#include "roster/letters.h"

enum digest_rate digest_rate_of(const char *code)
{
    for (int i = 0; code && digest_rates[i].code; i++)
        if (strcmp(digest_rates[i].code, code) == 0)
            return (enum digest_rate)i;
    return DIGEST_DAY;
}

/* Days that begin at seven in Paris, and weeks of them that begin on Monday. */
static int64_t turn_of(enum digest_rate rate, int64_t at_us)
{
    int64_t day = (local_seconds(at_us) - 7 * 3600) / 86400;
    return rate == DIGEST_WEEK ? (day + 3) / 7 : day; /* the first day of all was a Thursday */
}

bool digest_due(enum digest_rate rate, int64_t told, int64_t now)
{
    switch (rate) {
    case DIGEST_NOW:
        return now - told >= 600 * SECOND_US;
    case DIGEST_DAY:
    case DIGEST_WEEK:
        return turn_of(rate, now) > turn_of(rate, told);
    case DIGEST_NEVER:
        break;
    }
    return false;
}

/* --- who wants how many ----------------------------------------------------------------------------- */

static struct fault *open_self(const struct space_info *s, struct arena *a, int64_t person, struct door **d,
                               struct person *p)
{
    struct viewer self = {.program = true, .person = person, .roles = ROLES_ANYONE};
    TRY(door_open_class(s->space, a, a, self, d));
    return door_load(*d, person, person, p, NULL);
}

struct fault *digest_set(const struct space_info *s, int64_t person, const char *code)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct person p;
    TRY(open_self(s, work, person, &d, &p));
    if (digest_rate_of(p.digest) == digest_rate_of(code) && p.digest)
        return NULL;
    TRY(value_load(field_find(&person_type, "digest"), work, slice_of(code), &p));
    return door_save(d, person, &p, ALL_FIELDS);
}

struct fault *digest_of(const struct space_info *s, int64_t person, enum digest_rate *rate)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct person p;
    TRY(open_self(s, work, person, &d, &p));
    *rate = digest_rate_of(p.digest);
    return NULL;
}

static const char *kind_of(struct arena *a, const struct space_info *s)
{
    return arena_print(a, "digest:%s", s->name);
}

struct fault *digest_seal(struct house *h, const struct space_info *s, struct arena *a, int64_t person,
                          const char **sealed)
{
    unsigned char secret[HOUSE_SECRET];
    TRY(house_secret(h, secret));
    *sealed = number_seal(a, secret, kind_of(a, s), person);
    return NULL;
}

struct fault *digest_unseal(struct house *h, const struct space_info *s, const char *sealed, int64_t *person,
                            bool *good)
{
    ARENA_SCOPE(work);
    unsigned char secret[HOUSE_SECRET];
    TRY(house_secret(h, secret));
    *good = number_unseal(secret, kind_of(work, s), sealed, person);
    return NULL;
}

/* --- whose turn it is ------------------------------------------------------------------------------- */

struct round {
    struct house *house;
    const struct space_info *space;
    struct arena *batch;     /* what `news` is made of */
    int64_t now, changed_us; /* changed: the newest change of the space */
    struct roster_digest *told;
    size_t told_count;
    struct news {
        int64_t person;
        bool any; /* something to say: `letter` */
        struct roster_letter letter;
    } news[READERS_AT_ONCE]; /* of one transaction of the directory */
    size_t count, written;
};

static int64_t told_until(const struct round *r, int64_t person)
{
    size_t low = 0, high = r->told_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (r->told[middle].person < person)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->told_count && r->told[low].person == person ? r->told[low].told_us : 0;
}

static struct fault *write_down(struct round *r)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    if (!r->count)
        return NULL;
    TRY(transaction_begin(house_roster(r->house), work, &t));
    for (size_t i = 0; i < r->count; i++) {
        bool fresh = false;
        if (r->news[i].any)
            TRY(roster_letter_add(t, &r->news[i].letter, &fresh));
        r->written += fresh;
        TRY(roster_digest_set(t, r->space->name, r->news[i].person, r->now));
    }
    TRY(transaction_commit(t));
    r->count = 0;
    return NULL;
}

/* In the person's own language and through their own door. */
static struct fault *tell(const struct round *r, const struct person *p, int64_t since, struct news *news)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct letter l = {.to = p->email, .person = p->id};
    enum language spoken = language(), own = spoken;
    if (p->language)
        (void)language_parse(p->language, &own);
    language_set(own);
    struct fault *failed = door_open(r->space->space, work, p->id, &d);
    if (!failed && viewer_signed_in(door_viewer(d)))
        failed = digest_letter(r->house, r->space, d, since, r->now, &l, &news->any);
    if (news->any)
        news->letter = letter_row(r->batch, r->space->name, &l);
    language_set(spoken);
    return failed;
}

/* Who is new here, or has news, or whose turn it was without any. */
static struct fault *look_at(struct round *r, const struct person *p)
{
    enum digest_rate rate = digest_rate_of(p->digest);
    int64_t told = told_until(r, p->id);
    bool quiet = r->changed_us <= told;
    struct news news = {.person = p->id};
    if (told && (!digest_due(rate, told, r->now) || (quiet && rate == DIGEST_NOW)))
        return NULL;
    if (told && !quiet)
        TRY(tell(r, p, told, &news));
    if (!told || news.any || rate != DIGEST_NOW)
        r->news[r->count++] = news;
    return NULL;
}

static struct fault *look_at_all(struct round *r)
{
    bool more = true;
    for (int64_t batch = 1; more; batch++) {
        ARENA_SCOPE(people);
        struct person *all = NULL;
        size_t count = 0;
        TRY(mail_readers(r->house, r->space, people, batch, &all, &count, &more));
        r->batch = people;
        for (size_t i = 0; i < count; i++)
            TRY(look_at(r, &all[i]));
        TRY(write_down(r));
    }
    return NULL;
}

struct fault *digests_write(struct house *h, const struct space_info *s, size_t *written)
{
    ARENA_SCOPE(work);
    struct round r = {.house = h, .space = s, .now = now_us()};
    struct door *d = NULL;
    int64_t newest = 0;
    TRY(roster_digests(house_roster(h), work, s->name, &r.told, &r.told_count));
    TRY(door_open_program(s->space, work, &d));
    TRY(door_generation(d, &newest));
    r.changed_us = id_instant_us(newest);
    TRY(look_at_all(&r));
    if (r.written) {
        log_event(LOG_INFO, "digests", "space=%s letters=%zu", s->name, r.written);
        post_ring(house_post(h));
    }
    if (written)
        *written = r.written;
    return NULL;
}
