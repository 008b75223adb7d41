/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* deals.c - acts are done: each in one transaction that writes what either side may know into the record that
 * is its own. */
#include "introductions/deals.h"

#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "introductions/agreements.h"
#include "introductions/internal.h"
#include "introductions/reminder_plans.h"
#include "text/buffer.h"

enum { EVERYBODY = PARTY_SIDES | PARTY_FACILITATOR };

int deal_parties(const struct door *d, const struct record_type *type, const void *record)
{
    const struct viewer *v = door_viewer(d);
    bool card = type == &blind_card_type;
    int own = card ? PARTY_ANSWERER : PARTY_ASKER;
    int parties = viewer_acts_for(v, record_owner(type, record)) ? own : 0;
    return parties | (!card && v->roles & ROLE_FACILITATOR ? PARTY_FACILITATOR : 0);
}

/* Where the table has no such step: who owes the next one wants to talk before. */
static bool wants_call(enum introduction_state state, enum introduction_act act, int parties)
{
    return act == INTRODUCTION_ASK_CALL && !(parties & PARTY_FACILITATOR) &&
           (introduction_places[state].waits & parties) && !introduction_step_find(state, act, parties);
}

struct deal_choice *deal_choices(struct arena *a, enum introduction_state state, int parties, size_t *count)
{
    struct deal_choice *all = NEW(a, struct deal_choice, INTRODUCTION_ACTS);
    *count = 0;
    for (size_t i = 0; i < introduction_step_count; i++) {
        const struct introduction_step *s = &introduction_steps[i];
        struct deal_choice c = {.act = s->act};
        if (s->from != state || !(s->by & parties))
            continue;
        size_t capacity = 0;
        for (const struct choice *r = introduction_reasons; introduction_needs_reason(s->to) && r->code; r++)
            if (introduction_reason_fits(r->code, s->by & parties))
                *PUSH(a, c.reasons, c.reason_count, capacity) = r;
        all[(*count)++] = c;
    }
    if (wants_call(state, INTRODUCTION_ASK_CALL, parties))
        all[(*count)++] = (struct deal_choice){.act = INTRODUCTION_ASK_CALL};
    return all;
}

struct fault *deals_list(struct door *d, const struct record_type *type, const char *field, int64_t id,
                         void **records, size_t *count)
{
    const struct filter filter = {
        .field = field_find(type, field), .comparison = OPERATOR_EQUAL, .integer = id};
    const struct list_query query = {.type = type, .filters = &filter, .filter_count = 1};
    return rows_list(door_connection(d), door_arena(d), &query, &deals_sight, records, count, NULL);
}

struct fault *card_find(struct door *d, int64_t introduction, struct blind_card *card)
{
    void *found = NULL;
    size_t count = 0;
    TRY(deals_list(d, &blind_card_type, "introduction", introduction, &found, &count));
    if (!count)
        return fault(FAULT_NOT_FOUND, "This introduction has no card.");
    *card = ((struct blind_card *)found)[0];
    return NULL;
}

struct fault *deal_card_of(struct door *d, int64_t introduction, struct blind_card *card)
{
    struct blind_card found;
    TRY(card_find(d, introduction, &found));
    return door_load(d, blind_card, found.id, card, NULL);
}

struct fault *deal_list_of(struct door *d, int64_t need, struct introduction **list, size_t *count)
{
    const struct list_filter of = {"need", arena_print(door_arena(d), "%lld", (long long)need)};
    struct list_request asked = {.type = &introduction_type,
                                 .filters = &of,
                                 .filter_count = 1,
                                 .sort = "proposed",
                                 .plain = true,
                                 .per_page = LIMIT_LIST_ROWS};
    struct list_page page;
    TRY(door_list(d, &asked, &page));
    *list = page.records;
    *count = page.count;
    return NULL;
}

/* --- changes, each whole or not at all ------------------------------------------------------------------ */

struct change {
    struct door *door;
    const struct deal_answer *answer;
    int64_t id;
};

struct fault *change_end(struct door *d, struct fault *failed)
{
    if (!failed)
        return door_commit(d);
    struct fault kept = *failed;
    door_abandon(d);
    return fault_again(&kept);
}

static struct fault *run(struct fault *(*act)(struct change *), struct change *c)
{
    TRY(door_begin(c->door));
    return change_end(c->door, act(c));
}

/* --- acting -----------------------------------------------------------------------------------------------
 */

/* Whose record was removed since they spoke has no name: what they said holds. */
static struct fault *find_person(struct door *d, int64_t person, struct person *p)
{
    record_clear(&person_type, p);
    struct fault *failed =
        person ? rows_load(door_connection(d), door_arena(d), &person_type, person, &deals_sight, p) : NULL;
    return failed && failed->code != FAULT_NOT_FOUND ? failed : NULL;
}

/* "2026-11-20 · Maison Valbrégille, Hélène Dastrevigne" */
static struct fault *sign(struct door *d, struct buffer *b, int64_t organisation, int64_t person, int64_t day)
{
    struct arena *a = door_arena(d);
    struct organisation o;
    struct person p;
    TRY(rows_load(door_connection(d), a, &organisation_type, organisation, &deals_sight, &o));
    TRY(find_person(d, person, &p));
    buffer_print(b, "%s%s · %s%s%s", b->len ? "\n" : "", day_print(a, day), o.name, p.name ? ", " : "",
                 p.name ? p.name : "");
    return NULL;
}

/* Who accepted the agreement on each side, and when. */
static struct fault *sign_both(struct door *d, struct introduction *i, struct blind_card *card)
{
    struct buffer *b = buffer_new(door_arena(d), LIMIT_LONG_TEXT);
    TRY(sign(d, b, i->organisation, i->consented_by, i->pledged));
    TRY(sign(d, b, card->organisation, card->answered_by, card->pledged));
    TRY(buffer_check(b));
    i->pledges = card->pledges = buffer_string(b);
    return NULL;
}

/* "Hélène Dastrevigne, Responsable des achats" and how to reach her. */
struct fault *deals_contact(struct door *d, int64_t person, const char **contact)
{
    struct arena *a = door_arena(d);
    struct person p;
    *contact = NULL;
    TRY(find_person(d, person, &p));
    if (!p.name)
        return NULL;
    struct buffer *b = buffer_new(a, LIMIT_LONG_TEXT);
    buffer_text(b, p.name);
    const char *const more[] = {p.title, p.email, p.phone};
    for (size_t i = 0; i < COUNT(more); i++)
        if (more[i])
            buffer_print(b, "%s%s", i ? "\n" : ", ", more[i]);
    TRY(buffer_check(b));
    *contact = buffer_string(b);
    return NULL;
}

/* Both have accepted: each record is given what its reader may know from here on. */
static struct fault *reveal(struct door *d, struct introduction *i, struct blind_card *card)
{
    struct need need;
    struct fault *gone =
        rows_load(door_connection(d), door_arena(d), &need_type, i->need, &deals_sight, &need);
    if (gone && gone->code != FAULT_NOT_FOUND) /* a need that was removed meanwhile tells nothing more */
        return gone;
    i->answerer = card->organisation;
    card->asker = i->organisation;
    card->need_text = gone ? NULL : need.text;
    if (i->agreement)
        TRY(sign_both(d, i, card));
    TRY(deals_contact(d, i->consented_by, &card->contact));
    TRY(deals_contact(d, card->answered_by, &i->contact));
    return i->party ? party_meet(d, i, card) : NULL;
}

struct fault *deals_moved_on(void)
{
    return fault(FAULT_CONFLICT, "This introduction has moved on: look at it again.");
}

static struct fault *find_step(const struct introduction *i, const struct deal_answer *answer, int parties,
                               const struct introduction_step **step)
{
    enum introduction_state from;
    enum introduction_act act;
    if (!introduction_act_of(answer->act, &act))
        return fault_in("act", fault(FAULT_INVALID, "There is no such act."));
    if (!introduction_state_of(i->state, &from) || !introduction_step_find(from, act, EVERYBODY))
        return deals_moved_on();
    *step = introduction_step_find(from, act, parties);
    return *step ? NULL : fault(FAULT_DENIED, "This is for another to say.");
}

/* What was said goes to the record of whose side said it. */
static struct fault *take_words(const struct introduction_step *step, const struct deal_answer *answer,
                                int parties, struct introduction *i, struct blind_card *card)
{
    bool answerer = (step->by & parties) == PARTY_ANSWERER;
    if (introduction_needs_reason(step->to)) {
        if (!introduction_reason_fits(answer->reason, step->by & parties))
            return fault_in("reason", fault(FAULT_INVALID, "Say why: it helps the next time."));
        *(answerer ? &card->reason : &i->reason) = answer->reason;
    }
    if (answer->words && *answer->words && (step->by & parties) == PARTY_FACILITATOR)
        return fault_in("words",
                        fault(FAULT_INVALID, "Note it as a call: what is said here, who asks reads."));
    if (answer->words && *answer->words)
        *(answerer ? &card->words : &i->words) = answer->words;
    if (answer->value && *answer->value &&
        (step->act == INTRODUCTION_ORDER || step->act == INTRODUCTION_AGAIN))
        *(step->act == INTRODUCTION_ORDER ? &i->value : &i->value_again) = answer->value;
    return NULL;
}

struct fault *deal_agreement(struct door *d, const struct record_type *type, const void *record,
                             struct agreement *offered)
{
    int64_t fixed = *(const int64_t *)field_in(field_find(type, "agreement"), record);
    return fixed ? door_load(d, agreement, fixed, offered, NULL) : agreement_newest(d, offered);
}

/* A yes under the agreement accepts the very text that was read. */
static struct fault *take_pledge(struct door *d, const struct deal_answer *said, bool answerer,
                                 struct introduction *i, struct blind_card *card)
{
    struct agreement offered;
    TRY(deal_agreement(d, &introduction_type, i, &offered));
    if (said->agreement != offered.id)
        return fault_in("agreement",
                        fault(FAULT_CONFLICT, "Read the agreement as it stands now, and accept that one."));
    i->agreement = card->agreement = offered.id;
    *(answerer ? &card->pledged : &i->pledged) = today();
    return NULL;
}

/* A yes that is taken back takes the agreement with it: only who takes it back had accepted it. */
static void take_back(bool answerer, struct introduction *i, struct blind_card *card)
{
    i->agreement = card->agreement = 0;
    i->pledged = card->pledged = UNKNOWN_INTEGER;
    if (answerer && i->source && strcmp(i->source, "facilitator") == 0)
        i->answerer = 0;
}

static struct fault *take_step(struct door *d, const struct introduction_step *step, int parties,
                               int64_t speaker, struct introduction *i, struct blind_card *card)
{
    struct reminder_plan plan;
    TRY(reminder_plan_space(d, &plan));
    i->state = card->state = introduction_states[step->to].code;
    i->since = card->since = today();
    i->due = card->due = introduction_due(step->to, i->since, &plan);
    enum introduction_state reached = INTRODUCTION_PROPOSED;
    if (step->to <= INTRODUCTION_RENEWED &&
        (!introduction_state_of(i->reached, &reached) || step->to > reached))
        i->reached = i->state;
    if (!known_integer(i->answered) && (parties & PARTY_ANSWERER))
        i->answered = i->since;
    if (introduction_yes(step->act))
        *(parties & PARTY_ANSWERER ? &card->answered_by : &i->consented_by) = speaker;
    if (step->act == INTRODUCTION_ACCEPT)
        i->answerer = card->organisation;
    if (step->act == INTRODUCTION_TAKE_BACK)
        take_back(parties & PARTY_ANSWERER, i, card);
    return introduction_revealed(step->to) && !introduction_revealed(step->from) ? reveal(d, i, card) : NULL;
}

/* Values that come from a form, as the description has them. */
static struct fault *check_choice(const char *field, const char *code)
{
    struct introduction scratch;
    ARENA_SCOPE(work);
    record_clear(&introduction_type, &scratch);
    return code && *code ? value_load(field_find(&introduction_type, field), work, slice_of(code), &scratch)
                         : NULL;
}

struct fault *deals_act_as(struct door *d, const struct deal_answer *said, int parties, int64_t speaker,
                           struct introduction *i, struct blind_card *card)
{
    const struct introduction_step *step = NULL;
    struct transaction *t = door_transaction(d);
    int64_t person = door_viewer(d)->person;
    bool answerer = (parties & PARTY_ANSWERER) != 0;
    enum introduction_state from;
    enum introduction_act act;
    if (introduction_state_of(i->state, &from) && introduction_act_of(said->act, &act) &&
        wants_call(from, act, parties))
        return deals_wish_call(d, i->id, answerer ? card->organisation : i->organisation, said->words);
    TRY(find_step(i, said, parties, &step));
    TRY(check_choice("value", said->value));
    TRY(take_words(step, said, parties, i, card));
    TRY(step->act == INTRODUCTION_PLEDGE ? take_pledge(d, said, answerer, i, card) : NULL);
    TRY(take_step(d, step, parties, speaker, i, card));
    TRY(record_check(&introduction_type, i));
    TRY(record_check(&blind_card_type, card));
    TRY(rows_update(t, &introduction_type, i, answerer ? NOBODY : person));
    return rows_update(t, &blind_card_type, card, answerer ? person : NOBODY);
}

/* The record that the viewer looks at comes through the door; its counterpart is the program's to find. */
static struct fault *act(struct change *c)
{
    struct introduction i;
    struct blind_card card;
    TRY(door_load(c->door, introduction, c->id, &i, NULL));
    int parties = deal_parties(c->door, &introduction_type, &i);
    TRY(rows_load(door_connection(c->door), door_arena(c->door), &introduction_type, c->id, &deals_sight,
                  &i));
    if (c->answer->version && c->answer->version != i.version)
        return deals_moved_on();
    TRY(card_find(c->door, c->id, &card));
    return deals_act_as(c->door, c->answer, parties, door_viewer(c->door)->person, &i, &card);
}

static struct fault *answer_card(struct change *c)
{
    struct introduction i;
    struct blind_card card;
    TRY(door_load(c->door, blind_card, c->id, &card, NULL));
    int parties = deal_parties(c->door, &blind_card_type, &card);
    TRY(rows_load(door_connection(c->door), door_arena(c->door), &blind_card_type, c->id, &deals_sight,
                  &card));
    if (c->answer->version && c->answer->version != card.version)
        return deals_moved_on();
    TRY(rows_load(door_connection(c->door), door_arena(c->door), &introduction_type, card.introduction,
                  &deals_sight, &i));
    return deals_act_as(c->door, c->answer, parties, door_viewer(c->door)->person, &i, &card);
}

struct fault *deal_act(struct door *d, int64_t introduction, const struct deal_answer *answer)
{
    return run(act, &(struct change){.door = d, .answer = answer, .id = introduction});
}

struct fault *deal_answer_card(struct door *d, int64_t card, const struct deal_answer *answer)
{
    return run(answer_card, &(struct change){.door = d, .answer = answer, .id = card});
}
