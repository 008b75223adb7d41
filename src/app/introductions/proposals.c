/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* proposals.c - an organisation is asked about a need: once, and not again right after it has said no. */
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "introductions/internal.h"
#include "introductions/reminder_plans.h"
#include "needs/needs.h"
#include "queries/introductions.h"

enum { REFUSAL_HOLDS_DAYS = 90 };

struct asking {
    struct door *door;
    const struct deal_proposal *wish;
    const struct need *need;
    const struct card_draft *draft;
    const char *spoke;
    bool by_asker;
    int64_t id;
};

/* Does it look for the same as it did? Where it comes from and how far its words go is not the asker's doing.
 */
static bool asks_the_same(const struct blind_card *a, const struct blind_card *b)
{
    static const char *const asked[] = {"processes", "materials", "size", "tolerance", "pieces"};
    for (size_t i = 0; i < COUNT(asked); i++)
        if (!field_equal(field_find(&blind_card_type, asked[i]), a, b))
            return false;
    return true;
}

static bool refused_lately(const struct blind_card *before, const struct blind_card *now)
{
    return before->state && strcmp(before->state, introduction_states[INTRODUCTION_DECLINED].code) == 0 &&
           before->reason && before->since + REFUSAL_HOLDS_DAYS > today() && asks_the_same(before, now);
}

/* Asked once more after a no: facilitators may, and say why. */
static struct fault *check_again(const struct asking *p, int64_t refused)
{
    struct arena *a = door_arena(p->door);
    if (p->by_asker)
        return fault_in("organisation",
                        fault(FAULT_CONFLICT,
                              "They said no to this on %s. Ask them again from %s on, or once you look for "
                              "something else; the facilitators may ask them before.",
                              day_in_words(a, refused, false),
                              day_in_words(a, refused + REFUSAL_HOLDS_DAYS, false)));
    if (!p->wish->reason || !*p->wish->reason)
        return fault_in("reason",
                        fault(FAULT_INVALID, "They said no to this on %s: say why they are asked again.",
                              day_in_words(a, refused, false)));
    return NULL;
}

/* Asked already, to do it together with just those? */
static struct fault *check_together(const struct asking *p, const struct introduction *open)
{
    void *found = NULL;
    size_t count = 0;
    if (!p->wish->with)
        return NULL;
    if (open->party)
        TRY(deals_list(p->door, &introduction_type, "party", open->party, &found, &count));
    for (size_t i = 0; i < count; i++)
        if (((const struct introduction *)found)[i].id == p->wish->with)
            return NULL;
    return fault_in("with", fault(FAULT_CONFLICT, "This firm is asked about this need already: it is not "
                                                  "joined to others any more."));
}

static struct fault *load_pair(struct door *d, const struct asked_pair *pair, struct introduction *i,
                               struct blind_card *card)
{
    TRY(rows_load(door_connection(d), door_arena(d), &introduction_type, pair->introduction, &deals_sight,
                  i));
    return rows_load(door_connection(d), door_arena(d), &blind_card_type, pair->card, &deals_sight, card);
}

/* Is the organisation asked about this need already? Then p->id is that open introduction. Has it said no
 * lately to this or another need of who asks? Whom the facilitators asked, and what they were answered, is
 * not told to who proposes the same. */
static struct fault *look_at_asked(struct asking *p)
{
    struct asked_pair *pairs = NULL;
    size_t count = 0;
    int64_t refused = UNKNOWN_INTEGER;
    TRY(introductions_between(door_connection(p->door), door_arena(p->door), p->need->organisation,
                              p->wish->organisation, p->need->id, today() - REFUSAL_HOLDS_DAYS, &pairs,
                              &count));
    for (size_t k = 0; k < count; k++) {
        struct introduction i;
        struct blind_card card;
        TRY(load_pair(p->door, &pairs[k], &i, &card));
        if (p->by_asker && !i.answerer)
            continue;
        if (i.need == p->need->id && known_integer(i.due)) {
            p->id = i.id;
            return check_together(p, &i);
        }
        if (refused_lately(&card, &p->draft->card))
            refused = card.since;
    }
    return known_integer(refused) ? check_again(p, refused) : NULL;
}

/* What the facilitators saw and said when they asked is theirs: of whom they ask it would tell who that is.
 */
static struct fault *keep_aside(const struct asking *p)
{
    struct proposal kept;
    record_clear(&proposal_type, &kept);
    kept.introduction = p->id;
    kept.since = today();
    kept.rank = p->wish->rank > 0 ? p->wish->rank : UNKNOWN_INTEGER;
    kept.spoke = p->spoke;
    kept.reason = p->wish->reason;
    kept.despite = p->draft->competing_count ? FLAG_YES : FLAG_UNKNOWN;
    TRY(record_check(&proposal_type, &kept));
    return rows_insert(door_transaction(p->door), &proposal_type, &kept, door_viewer(p->door)->person);
}

static struct fault *propose(struct asking *p)
{
    struct door *d = p->door;
    const struct need *need = p->need;
    struct blind_card card = p->draft->card;
    struct introduction made;
    struct need now;
    struct reminder_plan plan;
    TRY(reminder_plan_space(d, &plan));
    TRY(rows_load(door_connection(d), door_arena(d), &need_type, need->id, &deals_sight, &now));
    if (now.version != need->version) /* closed, or confided to fewer, since the card was made of it */
        return fault(FAULT_CONFLICT,
                     "Somebody changed this record in the meantime: read it again before saving.");
    TRY(look_at_asked(p));
    if (p->id)
        return NULL;
    record_clear(&introduction_type, &made);
    record_start(&introduction_type, &made);
    made.organisation = need->organisation;
    made.subject = need->title;
    made.need = need->id;
    made.since = made.proposed = card.since = today();
    made.due = card.due = introduction_due(INTRODUCTION_PROPOSED, made.since, &plan);
    made.source = p->by_asker ? "match" : "facilitator";
    if (p->by_asker) { /* whom the facilitators ask is told when it accepts */
        made.answerer = card.organisation;
        made.rank = p->wish->rank > 0 ? p->wish->rank : UNKNOWN_INTEGER;
        made.spoke = p->spoke;
    }
    if (p->wish->with)
        TRY(party_join(d, p->wish->with, &made, &card));
    TRY(record_check(&introduction_type, &made));
    TRY(rows_insert(door_transaction(d), &introduction_type, &made, door_viewer(d)->person));
    p->id = card.introduction = made.id;
    TRY(record_check(&blind_card_type, &card));
    TRY(rows_insert(door_transaction(d), &blind_card_type, &card, NOBODY));
    return p->by_asker ? NULL : keep_aside(p);
}

struct fault *deal_propose(struct door *d, const struct deal_proposal *wish, int64_t *introduction)
{
    struct need need;
    struct card_draft draft;
    TRY(door_load(d, need, wish->need, &need, NULL));
    TRY(deal_draft(d, &need, wish->organisation, wish->with, &draft));
    if (!draft.hidden)
        return fault_in("organisation",
                        fault(FAULT_CONFLICT,
                              "Fewer than %d organisations could have written this card: it is not sent. "
                              "Ask the facilitators to speak for you.",
                              PLAUSIBLE_LEAST));
    if (draft.competing_count && !wish->despite)
        return fault_in("despite", fault(FAULT_CONFLICT, "One of the two counts the other as its competitor: "
                                                         "confirm that they are asked all the same."));
    struct asking p = {.door = d,
                       .wish = wish,
                       .need = &need,
                       .draft = &draft,
                       .by_asker = viewer_acts_for(door_viewer(d), need.organisation)};
    if (wish->rank > 0) {
        struct door *everybody = NULL;
        TRY(door_open_everybody(d, &everybody));
        TRY(needs_spoke(everybody, &need, wish->organisation, &p.spoke));
    }
    TRY(door_begin(d));
    TRY(change_end(d, propose(&p)));
    *introduction = p.id;
    return NULL;
}

struct fault *deal_asked_again(struct door *d, int64_t introduction, const char **reason)
{
    struct list_page page;
    *reason = NULL;
    if (!(proposal_type.readers & door_viewer(d)->roles))
        return NULL;
    TRY(door_list_of(d, &proposal_type, "introduction", introduction, &page));
    *reason = page.count ? ((const struct proposal *)page.records)->reason : NULL;
    return NULL;
}
