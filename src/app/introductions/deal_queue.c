/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* deal_queue.c - what waits on the viewer: on their organisations, on the facilitators, and needs about which
 * nobody is asked. */
#include <stdlib.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "introductions/internal.h"
#include "introductions/reminder_plans.h"
#include "queries/introductions.h"
#include "text/buffer.h"

struct queue {
    struct door *door;
    int64_t most;
    const struct reminder_plan *space;
    struct deal_waiting *at;
    size_t count, capacity;
};

static struct deal_waiting *push(struct queue *q)
{
    return PUSH(door_arena(q->door), q->at, q->count, q->capacity);
}

/* ",accepted,agreed,": those in which one of the parties is waited for. */
static const char *states_waiting(struct arena *a, int parties)
{
    struct buffer *b = buffer_new(a, LIMIT_LONG_TEXT);
    buffer_char(b, ',');
    for (int state = 0; state < INTRODUCTION_STATES; state++)
        if (introduction_places[state].waits & parties)
            buffer_print(b, "%s,", introduction_states[state].code);
    return buffer_string(b);
}

static const char *task_of(enum introduction_state state, int parties)
{
    for (int k = 0; k < PARTIES; k++)
        if ((parties >> k & 1) && introduction_places[state].task[k])
            return introduction_places[state].task[k];
    return N_("Find out why nothing moves");
}

/* They had their reminders, and the facilitators are waited for as well. */
static const char *silence_of(const struct waiting_deal *w)
{
    return known_integer(w->due) && w->due <= today() ? N_("They are silent, in spite of reminders.") : NULL;
}

/* silence: why the facilitators are waited for, when it is. */
static void add(struct queue *q, const struct record_type *type, const struct waiting_deal *w, int parties,
                const struct reminder_plan *plan, const char *silence)
{
    enum introduction_state state;
    if (!introduction_state_of(w->state, &state) || !introduction_open(state))
        return;
    int64_t days = known_integer(w->since) ? today() - w->since : 0;
    int waits = introduction_places[state].waits;
    int mine = (silence ? waits | PARTY_FACILITATOR : waits) & parties;
    *push(q) = (struct deal_waiting){.type = type,
                                     .id = w->id,
                                     .version = w->version,
                                     .since = known_integer(w->since) ? w->since : today(),
                                     .subject = w->subject,
                                     .task = task_of(state, mine),
                                     .why = mine & waits ? introduction_places[state].why : silence,
                                     .state = state,
                                     .parties = mine,
                                     .owner = w->organisation,
                                     .other = known_integer(w->other) ? w->other : 0,
                                     .deadline = w->deadline,
                                     .reminders = introduction_reminders(state, days, plan),
                                     .plan = plan,
                                     .escalated = !(mine & waits)};
}

/* On one organisation, whose person the viewer is. */
static struct fault *add_own(struct queue *q, int64_t organisation, int others)
{
    struct arena *a = door_arena(q->door);
    struct connection *c = door_connection(q->door);
    struct sight sight = door_sight(q->door);
    struct waiting_deal *rows = NULL;
    struct reminder_plan *plan = NEW(a, struct reminder_plan, 1);
    size_t count = 0;
    TRY(reminder_plan_own(q->door, organisation, q->space, plan));
    TRY(introductions_of_answerer(c, a, &sight, organisation, states_waiting(a, PARTY_ANSWERER), q->most,
                                  &rows, &count));
    for (size_t i = 0; i < count; i++)
        add(q, &blind_card_type, &rows[i], PARTY_ANSWERER, plan, silence_of(&rows[i]));
    TRY(introductions_of_asker(c, a, &sight, organisation, states_waiting(a, PARTY_ASKER), q->most, &rows,
                               &count));
    for (size_t i = 0; i < count; i++)
        add(q, &introduction_type, &rows[i], PARTY_ASKER | others, plan, silence_of(&rows[i]));
    return NULL;
}

/* On the facilitators, besides what waits on an organisation of their own. */
static struct fault *add_escalated(struct queue *q)
{
    struct arena *a = door_arena(q->door);
    struct connection *c = door_connection(q->door);
    struct waiting_deal *rows = NULL;
    struct id_list reached = {0};
    struct sight sight = door_sight(q->door);
    const struct viewer *v = door_viewer(q->door);
    size_t count = 0;
    enum introduction_state state;
    TRY(introductions_escalated(c, a, &sight, today(), q->most, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        bool listed = viewer_acts_for(v, rows[i].organisation) &&
                      introduction_state_of(rows[i].state, &state) &&
                      (introduction_places[state].waits & PARTY_ASKER);
        if (!listed)
            add(q, &introduction_type, &rows[i], PARTY_FACILITATOR, q->space, silence_of(&rows[i]));
    }
    TRY(introductions_reached(c, a, &sight, today(), &reached));
    TRY(introductions_unreached(c, a, &sight, today(), reached, states_waiting(a, PARTY_ANSWERER), q->most,
                                &rows, &count));
    for (size_t i = 0; i < count; i++)
        add(q, &introduction_type, &rows[i], PARTY_FACILITATOR, q->space,
            N_("Nobody can sign in for them: call them, or let somebody act for them."));
    return NULL;
}

/* Calls that somebody asked for before they go on. */
static struct fault *add_calls(struct queue *q)
{
    struct wished_call *rows = NULL;
    struct sight sight = door_sight(q->door);
    size_t count = 0;
    TRY(introductions_calls_wished(door_connection(q->door), door_arena(q->door), &sight, q->most, &rows,
                                   &count));
    for (size_t i = 0; i < count; i++) {
        struct deal_waiting w = {.type = &introduction_type,
                                 .id = rows[i].introduction,
                                 .version = rows[i].version,
                                 .since = day_at(id_instant_us(rows[i].id)),
                                 .subject = rows[i].subject,
                                 .task = N_("Call who asks to be called"),
                                 .why = N_("They owe the next step, and want to talk first."),
                                 .parties = PARTY_FACILITATOR,
                                 .owner = rows[i].organisation,
                                 .deadline = UNKNOWN_INTEGER,
                                 .plan = q->space,
                                 .escalated = true,
                                 .call = rows[i].id};
        if (!introduction_state_of(rows[i].state, &w.state))
            continue;
        w.reminders = introduction_reminders(w.state, today() - w.since, q->space);
        *push(q) = w;
    }
    return NULL;
}

/* Needs about which nobody is asked. */
static struct fault *add_needs(struct queue *q, int64_t owner)
{
    struct waiting_need *needs = NULL;
    size_t count = 0;
    struct sight sight = door_sight(q->door);
    TRY(introductions_needs_waiting(door_connection(q->door), door_arena(q->door), &sight,
                                    owner ? owner : UNKNOWN_INTEGER, q->most, &needs, &count));
    for (size_t i = 0; i < count; i++) {
        int64_t made = day_at(id_instant_us(needs[i].id));
        *push(q) = (struct deal_waiting){.type = &need_type,
                                         .id = needs[i].id,
                                         .since = needs[i].ended > made ? needs[i].ended : made,
                                         .subject = needs[i].title,
                                         .task = N_("Ask somebody who can do it"),
                                         .why = N_("Nobody is asked yet: a need dies of silence."),
                                         .owner = needs[i].organisation,
                                         .deadline = needs[i].deadline};
    }
    return NULL;
}

static int by_age(const void *a, const void *b)
{
    const struct deal_waiting *x = a, *y = b;
    if (x->since != y->since)
        return x->since < y->since ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

struct fault *deal_queue(struct door *d, int64_t most, struct deal_waiting **waiting, size_t *count)
{
    struct reminder_plan *space = NEW(door_arena(d), struct reminder_plan, 1);
    struct queue q = {.door = d, .most = most, .space = space};
    const struct viewer *v = door_viewer(d);
    bool facilitator = v->roles & ROLE_FACILITATOR;
    TRY(reminder_plan_space(d, space));
    for (size_t i = 0; i < v->count && (introduction_type.readers & v->roles); i++) {
        TRY(add_own(&q, v->organisations[i], facilitator ? PARTY_FACILITATOR : 0));
        TRY(facilitator ? NULL : add_needs(&q, v->organisations[i]));
    }
    if (facilitator) {
        TRY(add_escalated(&q));
        TRY(add_calls(&q));
        TRY(add_needs(&q, 0));
    }
    if (q.count)
        qsort(q.at, q.count, sizeof *q.at, by_age);
    *waiting = q.at;
    *count = q.count;
    return arena_check(door_arena(d));
}
