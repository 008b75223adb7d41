/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* deal_calls.c - what was said by telephone, written down by a facilitator: a note, and the act it meant. */
#include "introductions/deal_calls.h"

#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "introductions/internal.h"

static struct fault *check_may(const struct door *d)
{
    return door_viewer(d)->roles & ROLE_FACILITATOR
               ? NULL
               : fault(FAULT_DENIED, "Calls are noted by the facilitators.");
}

/* Both records, whoever may see them: for who may see the introduction. */
static struct fault *load_both(struct door *d, int64_t introduction, struct introduction *i,
                               struct blind_card *card)
{
    TRY(check_may(d));
    TRY(door_load(d, introduction, introduction, i, NULL));
    TRY(rows_load(door_connection(d), door_arena(d), &introduction_type, introduction, &deals_sight, i));
    return card_find(d, introduction, card);
}

/* --- with whom ------------------------------------------------------------------------------------------ */

struct people {
    struct deal_person *at;
    size_t count, capacity;
};

static struct fault *add_people(struct door *d, int64_t organisation, int party, struct people *all)
{
    struct arena *a = door_arena(d);
    struct list_page page;
    TRY(door_list_of(d, &mandate_type, "organisation", organisation, &page));
    const struct mandate *mandates = page.records;
    for (size_t i = 0; i < page.count; i++) {
        struct person p;
        if (!day_within(today(), mandates[i].since, mandates[i].until))
            continue;
        struct fault *removed = door_load(d, person, mandates[i].person, &p, NULL);
        if (removed && removed->code != FAULT_NOT_FOUND)
            return removed;
        if (!removed && p.active != FLAG_NO)
            *PUSH(a, all->at, all->count, all->capacity) =
                (struct deal_person){p.id, p.name, p.phone, organisation, party};
    }
    return NULL;
}

static struct fault *people_of(struct door *d, const struct introduction *i, const struct blind_card *card,
                               struct people *all)
{
    TRY(add_people(d, card->organisation, PARTY_ANSWERER, all));
    return add_people(d, i->organisation, PARTY_ASKER, all);
}

struct fault *deal_people(struct door *d, int64_t introduction, struct deal_person **people, size_t *count)
{
    struct introduction i;
    struct blind_card card;
    struct people all = {0};
    TRY(load_both(d, introduction, &i, &card));
    TRY(people_of(d, &i, &card, &all));
    *people = all.at;
    *count = all.count;
    return NULL;
}

/* --- what was said -------------------------------------------------------------------------------------- */

static struct fault *find_person(struct door *d, int64_t person, const struct introduction *i,
                                 const struct blind_card *card, const struct deal_person **found)
{
    struct people all = {0};
    TRY(people_of(d, i, card, &all));
    for (size_t k = 0; k < all.count; k++)
        if (all.at[k].id == person) {
            *found = &all.at[k];
            return NULL;
        }
    return fault_in("person", fault(FAULT_INVALID, "Say with whom: somebody of one of the two sides."));
}

/* In their name where their side may do it; else as what facilitators may say themselves ("the call was
 * made"). */
static int parties_for(const struct introduction *i, const char *code, int side)
{
    enum introduction_state state;
    enum introduction_act act;
    bool known = introduction_state_of(i->state, &state) && introduction_act_of(code, &act);
    return known && introduction_step_find(state, act, side) ? side : PARTY_FACILITATOR;
}

static struct fault *note(struct door *d, int64_t introduction, const struct deal_call *said)
{
    struct introduction i;
    struct blind_card card;
    struct call call;
    const struct deal_person *with = NULL;
    TRY(load_both(d, introduction, &i, &card));
    if (said->version && said->version != i.version)
        return deals_moved_on();
    TRY(find_person(d, said->person, &i, &card, &with));
    record_clear(&call_type, &call);
    call.organisation = with->organisation;
    call.person = with->id;
    call.introduction = introduction;
    call.said = said->said;
    if (said->act && *said->act) {
        const struct deal_answer answer = {.act = said->act, .reason = said->reason};
        TRY(deals_act_as(d, &answer, parties_for(&i, said->act, with->party), with->id, &i, &card));
        call.act = said->act;
    }
    TRY(record_check(&call_type, &call));
    return rows_insert(door_transaction(d), &call_type, &call, door_viewer(d)->person);
}

struct fault *deal_call_note(struct door *d, int64_t introduction, const struct deal_call *said)
{
    TRY(door_begin(d));
    struct fault *failed = note(d, introduction, said);
    if (!failed)
        return door_commit(d);
    struct fault kept = *failed;
    door_abandon(d);
    return fault_again(&kept);
}

struct fault *deals_wish_call(struct door *d, int64_t introduction, int64_t organisation, const char *words)
{
    struct call wish;
    void *found = NULL;
    size_t count = 0;
    TRY(deals_list(d, &call_type, "introduction", introduction, &found, &count));
    const struct call *all = found, *newest = NULL;
    for (size_t i = 0; i < count; i++)
        if (all[i].organisation == organisation && (!newest || all[i].id > newest->id))
            newest = &all[i];
    if (newest && newest->wished == FLAG_YES &&
        (!(words && *words) || (newest->said && strcmp(newest->said, words) == 0)))
        return NULL;
    record_clear(&call_type, &wish);
    wish.organisation = organisation;
    wish.person = door_viewer(d)->person;
    wish.introduction = introduction;
    wish.wished = FLAG_YES;
    wish.said = words && *words ? words : tr(introduction_acts[INTRODUCTION_ASK_CALL].label);
    TRY(record_check(&call_type, &wish));
    return rows_insert(door_transaction(d), &call_type, &wish, wish.person);
}

struct fault *deal_calls(struct door *d, int64_t introduction, struct call **calls, size_t *count)
{
    struct list_page page;
    TRY(door_list_of(d, &call_type, "introduction", introduction, &page));
    *calls = page.records;
    *count = page.count;
    return NULL;
}
