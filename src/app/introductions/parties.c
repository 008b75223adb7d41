/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* parties.c - what no firm does alone: several are asked about one need together. Each answers for itself, as
 * anybody who is asked; what they learn of each other is told as the acts are done. */
#include "arena/arena.h"
#include "introductions/internal.h"

bool deal_joinable(const struct introduction *i)
{
    enum introduction_state state;
    return introduction_state_of(i->state, &state) &&
           (state == INTRODUCTION_PROPOSED || state == INTRODUCTION_CALL_ASKED);
}

static struct fault *members_of(struct door *d, int64_t party, struct introduction **members, size_t *count)
{
    void *found = NULL;
    TRY(deals_list(d, &introduction_type, "party", party, &found, count));
    *members = found;
    return NULL;
}

/* Those that `with` stands for: itself, which names the party from now on, or all who joined it. */
static struct fault *find_party(struct door *d, int64_t with, int64_t need, struct introduction **members,
                                size_t *count)
{
    struct introduction *first = NEW(door_arena(d), struct introduction, 1);
    struct fault *absent =
        rows_load(door_connection(d), door_arena(d), &introduction_type, with, &deals_sight, first);
    if (absent && absent->code != FAULT_NOT_FOUND)
        return absent;
    if (absent || first->need != need)
        return fault_in("with",
                        fault(FAULT_INVALID, "Only who is asked about the same need is asked together."));
    if (first->party)
        return members_of(d, first->party, members, count);
    *members = first;
    *count = 1;
    first->party = first->id;
    return rows_update(door_transaction(d), &introduction_type, first, door_viewer(d)->person);
}

struct fault *party_firms(struct door *d, int64_t with, int64_t **organisations, size_t *count)
{
    struct introduction first, *members = &first;
    *count = 0;
    struct fault *absent =
        rows_load(door_connection(d), door_arena(d), &introduction_type, with, &deals_sight, &first);
    if (absent)
        return absent->code == FAULT_NOT_FOUND ? NULL : absent;
    *count = 1;
    if (first.party)
        TRY(members_of(d, first.party, &members, count));
    *organisations = NEW(door_arena(d), int64_t, *count + 1);
    for (size_t i = 0; i < *count; i++) {
        struct blind_card card;
        TRY(card_find(d, members[i].id, &card));
        (*organisations)[i] = card.organisation;
    }
    return NULL;
}

struct fault *party_join(struct door *d, int64_t with, struct introduction *made, struct blind_card *card)
{
    struct introduction *members = NULL;
    size_t count = 0, others = 0;
    TRY(find_party(d, with, made->need, &members, &count));
    for (size_t k = 0; k < count; k++) {
        enum introduction_state state = INTRODUCTION_AGREED;
        bool revealed = !introduction_state_of(members[k].state, &state) || introduction_revealed(state);
        if (!known_integer(members[k].due) && !revealed) /* it is over, and was nobody's to know */
            continue;
        if (!deal_joinable(&members[k]))
            return fault_in("with",
                            fault(FAULT_CONFLICT, "One of them has said yes already, not knowing that others "
                                                  "would be asked: ask this firm alone."));
        members[others++] = members[k];
    }
    if (!others)
        return deals_moved_on();
    made->party = members[0].party;
    card->together = (int64_t)others;
    for (size_t k = 0; k < others; k++) {
        struct blind_card other;
        TRY(card_find(d, members[k].id, &other));
        other.together = (int64_t)others;
        TRY(rows_update(door_transaction(d), &blind_card_type, &other, 0));
    }
    return NULL;
}

/* The organisation, and whom to talk to there. */
static struct fault *tell(struct door *d, struct blind_card *reader, const struct blind_card *of)
{
    struct organisation o;
    const char *contact = NULL, *before = reader->partners;
    TRY(rows_load(door_connection(d), door_arena(d), &organisation_type, of->organisation, &deals_sight, &o));
    TRY(deals_contact(d, of->answered_by, &contact));
    reader->partners = arena_print(door_arena(d), "%s%s%s\n%s", before ? before : "", before ? "\n\n" : "",
                                   o.name, contact ? contact : "");
    return NULL;
}

struct fault *party_meet(struct door *d, const struct introduction *i, struct blind_card *card)
{
    struct introduction *members = NULL;
    size_t count = 0;
    TRY(members_of(d, i->party, &members, &count));
    for (size_t k = 0; k < count; k++) {
        struct blind_card other;
        enum introduction_state state;
        if (members[k].id == i->id || !introduction_state_of(members[k].state, &state) ||
            !introduction_revealed(state))
            continue;
        TRY(card_find(d, members[k].id, &other));
        TRY(tell(d, card, &other));
        TRY(tell(d, &other, card));
        TRY(record_check(&blind_card_type, &other));
        TRY(rows_update(door_transaction(d), &blind_card_type, &other, 0));
    }
    return NULL;
}
