/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* deal_queue.c - what waits on the viewer: on their organisations, on the facilitators, and needs about which
 * nobody is asked. */
#include <stdlib.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "introductions/internal.h"
#include "queries/introductions.h"

enum { MOST = 200 };

struct queue {
    struct door *door;
    struct deal_waiting *at;
    size_t count, capacity;
};

/* Both types have these. */
struct standing {
    int64_t id, since, due, other;
    const char *subject, *state;
    int64_t owner;
};

static struct standing standing_of(const struct record_type *type, const void *record)
{
    if (type == &blind_card_type) {
        const struct blind_card *c = record;
        return (struct standing){c->id, c->since, c->due, c->asker, c->subject, c->state, c->organisation};
    }
    const struct introduction *i = record;
    return (struct standing){i->id, i->since, i->due, i->answerer, i->subject, i->state, i->organisation};
}

static const char *task_of(enum introduction_state state, int parties)
{
    for (int k = 0; k < PARTIES; k++)
        if ((parties >> k & 1) && introduction_places[state].task[k])
            return introduction_places[state].task[k];
    return N_("Find out why nothing moves");
}

static void add(struct queue *q, const struct record_type *type, const struct standing *s, int parties)
{
    enum introduction_state state;
    if (!introduction_state_of(s->state, &state) || !introduction_open(state))
        return;
    int64_t days = known_integer(s->since) ? today() - s->since : 0;
    int waits = introduction_places[state].waits;
    bool escalated = known_integer(s->due) && s->due <= today();
    int mine = (escalated ? waits | PARTY_FACILITATOR : waits) & parties;
    if (!mine)
        return;
    *PUSH(door_arena(q->door), q->at, q->count, q->capacity) =
        (struct deal_waiting){.type = type,
                              .id = s->id,
                              .since = known_integer(s->since) ? s->since : today(),
                              .subject = s->subject,
                              .task = task_of(state, mine),
                              .other = s->other,
                              .reminders = introduction_reminders(state, days, &reminder_default),
                              .escalated = !(mine & waits)};
}

/* Open ones: of one organisation (0: any that have come to the facilitators). */
static struct fault *add_open(struct queue *q, const struct record_type *type, int64_t owner, int parties)
{
    struct arena *a = door_arena(q->door);
    struct introduction now;
    record_clear(&introduction_type, &now);
    now.due = today();
    const struct list_filter open = {"due.known", "1"};
    const struct list_filter come = {"due.max", value_plain(field_find(&introduction_type, "due"), a, &now)};
    struct list_request asked = {.type = type,
                                 .filters = owner ? &open : &come,
                                 .filter_count = 1,
                                 .plain = true,
                                 .owner = owner,
                                 .sort = "due",
                                 .per_page = MOST};
    struct list_page page;
    TRY(door_list(q->door, &asked, &page));
    for (size_t i = 0; i < page.count; i++) {
        const struct standing s = standing_of(type, (const char *)page.records + i * type->size);
        if (owner || !viewer_acts_for(door_viewer(q->door), s.owner)) /* whose own are listed with theirs */
            add(q, type, &s, parties);
    }
    return NULL;
}

/* Needs about which nobody is asked. */
static struct fault *add_needs(struct queue *q, int64_t owner)
{
    struct arena *a = door_arena(q->door);
    struct waiting_need *needs = NULL;
    size_t count = 0;
    struct sight sight = door_sight(q->door);
    TRY(introductions_needs_waiting(door_connection(q->door), a, &sight, owner ? owner : UNKNOWN_INTEGER,
                                    MOST, &needs, &count));
    for (size_t i = 0; i < count; i++)
        *PUSH(a, q->at, q->count, q->capacity) =
            (struct deal_waiting){.type = &need_type,
                                  .id = needs[i].id,
                                  .since = day_at(id_instant_us(needs[i].id)),
                                  .subject = needs[i].title,
                                  .task = N_("Ask somebody who can do it"),
                                  .other = needs[i].organisation};
    return NULL;
}

static int by_age(const void *a, const void *b)
{
    const struct deal_waiting *x = a, *y = b;
    if (x->since != y->since)
        return x->since < y->since ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

struct fault *deal_queue(struct door *d, struct deal_waiting **waiting, size_t *count)
{
    struct queue q = {.door = d};
    const struct viewer *v = door_viewer(d);
    int others = v->roles & ROLE_FACILITATOR ? PARTY_FACILITATOR : 0;
    for (size_t i = 0; i < v->count && (introduction_type.readers & v->roles); i++) {
        TRY(add_open(&q, &blind_card_type, v->organisations[i], PARTY_ANSWERER));
        TRY(add_open(&q, &introduction_type, v->organisations[i], PARTY_ASKER | others));
        TRY(v->roles & ROLE_FACILITATOR ? NULL : add_needs(&q, v->organisations[i]));
    }
    if (v->roles & ROLE_FACILITATOR) {
        TRY(add_open(&q, &introduction_type, 0, PARTY_FACILITATOR));
        TRY(add_needs(&q, 0));
    }
    if (q.count)
        qsort(q.at, q.count, sizeof *q.at, by_age);
    *waiting = q.at;
    *count = q.count;
    return arena_check(door_arena(d));
}
