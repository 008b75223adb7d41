/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "introductions/introductions.h"

#include <string.h>

#include "i18n/i18n.h"

const struct choice introduction_states[] = {
    [INTRODUCTION_PROPOSED] = {"proposed", N_("Proposed")},
    [INTRODUCTION_CALL_ASKED] = {"call_asked", N_("A call is asked for")},
    [INTRODUCTION_ACCEPTED] = {"accepted", N_("Accepted by one side")},
    [INTRODUCTION_SEALED] = {"sealed", N_("Accepted by one side, under an agreement")},
    [INTRODUCTION_PLEDGED] = {"pledged", N_("Accepted by both, agreement to be accepted")},
    [INTRODUCTION_AGREED] = {"agreed", N_("Accepted by both")},
    [INTRODUCTION_MET] = {"met", N_("Meeting held")},
    [INTRODUCTION_QUOTED] = {"quoted", N_("Quote given")},
    [INTRODUCTION_ORDERED] = {"ordered", N_("Ordered")},
    [INTRODUCTION_DELIVERED] = {"delivered", N_("Delivered")},
    [INTRODUCTION_RENEWED] = {"renewed", N_("Ordered again")},
    [INTRODUCTION_FINISHED] = {"finished", N_("Delivered, and ended there")},
    [INTRODUCTION_DECLINED] = {"declined", N_("Declined")},
    [INTRODUCTION_EXPIRED] = {"expired", N_("Closed by the facilitators")},
    [INTRODUCTION_STATES] = {NULL, NULL}};

const struct choice introduction_acts[] = {
    [INTRODUCTION_ACCEPT] = {"accept", N_("Yes, we can do it")},
    [INTRODUCTION_ASK_CALL] = {"ask_call", N_("Call me first")},
    [INTRODUCTION_CALLED] = {"called", N_("The call was made")},
    [INTRODUCTION_TAKE_BACK] = {"take_back", N_("Take my yes back")},
    [INTRODUCTION_CONSENT] = {"consent", N_("Yes, introduce us")},
    [INTRODUCTION_PLEDGE] = {"pledge", N_("Yes, under the confidentiality agreement")},
    [INTRODUCTION_MEET] = {"meet", N_("The meeting was held")},
    [INTRODUCTION_QUOTE] = {"quote", N_("The quote was given")},
    [INTRODUCTION_ORDER] = {"order", N_("The order was placed")},
    [INTRODUCTION_DELIVER] = {"deliver", N_("It was delivered")},
    [INTRODUCTION_AGAIN] = {"again", N_("It was ordered again")},
    [INTRODUCTION_FINISH] = {"finish", N_("It ended there")},
    [INTRODUCTION_DECLINE] = {"decline", N_("No, not this time")},
    [INTRODUCTION_CLOSE] = {"close", N_("Close the introduction")},
    [INTRODUCTION_ACTS] = {NULL, NULL}};

static const int reason_by[] = {PARTY_ANSWERER,
                                PARTY_ANSWERER,
                                PARTY_SIDES,
                                PARTY_SIDES,
                                PARTY_ASKER,
                                PARTY_ASKER | PARTY_FACILITATOR,
                                PARTY_ASKER | PARTY_FACILITATOR,
                                PARTY_ASKER | PARTY_FACILITATOR,
                                PARTY_FACILITATOR,
                                PARTY_SIDES | PARTY_FACILITATOR};
const struct choice introduction_reasons[] = {
    {"no_capacity", N_("No capacity at that time")},
    {"not_our_trade", N_("Not our trade")},
    {"terms", N_("Price or terms do not suit")},
    {"agreement", N_("The confidentiality agreement does not suit")},
    {"another_chosen", N_("Another firm was chosen")},
    {"quality", N_("Quality or delays did not suit")},
    {"need_gone", N_("The need has gone")},
    {"settled_elsewhere", N_("Settled elsewhere")},
    {"no_answer", N_("No answer, in spite of reminders")},
    {"other", N_("Another reason")},
    {NULL, NULL}};
_Static_assert(sizeof introduction_reasons / sizeof *introduction_reasons == INTRODUCTION_REASONS + 1,
               "all of them");
_Static_assert(COUNT(reason_by) == COUNT(introduction_reasons) - 1, "who may give each reason");

const struct choice introduction_values[] = {{"to_5k", N_("Up to €5,000")},
                                             {"to_20k", N_("€5,000 to €20,000")},
                                             {"to_100k", N_("€20,000 to €100,000")},
                                             {"over_100k", N_("More than €100,000")},
                                             {NULL, NULL}};

const struct choice introduction_sources[] = {
    {"match", N_("From the ranked firms")}, {"facilitator", N_("From the facilitators")}, {NULL, NULL}};

const struct introduction_place introduction_places[INTRODUCTION_STATES] = {
    [INTRODUCTION_PROPOSED] = {PARTY_ANSWERER,
                               1,
                               {NULL, N_("Say whether you can do it"), NULL},
                               N_("Somebody here needs this work, and waits for an answer.")},
    [INTRODUCTION_CALL_ASKED] = {PARTY_FACILITATOR,
                                 1,
                                 {NULL, NULL, N_("Call the firm that was asked")},
                                 N_("They want to talk before they say yes.")},
    [INTRODUCTION_ACCEPTED] = {PARTY_ASKER,
                               1,
                               {N_("Say whether you want to be introduced"), NULL, NULL},
                               N_("They can do it, and wait for your word.")},
    [INTRODUCTION_SEALED] = {PARTY_ASKER,
                             1,
                             {N_("Read the agreement, and say whether you want to be introduced"), NULL,
                              NULL},
                             N_("They can do it, under an agreement, and wait for your word.")},
    [INTRODUCTION_PLEDGED] = {PARTY_ANSWERER,
                              1,
                              {NULL, N_("Read the agreement, and say whether you accept it"), NULL},
                              N_("Who asks has said yes: your word on the agreement is all that lacks.")},
    [INTRODUCTION_AGREED] = {PARTY_SIDES,
                             1,
                             {N_("Meet, and say so here"), N_("Meet, and say so here"), NULL},
                             N_("Both have said yes: what is not met soon is forgotten.")},
    [INTRODUCTION_MET] = {PARTY_ANSWERER,
                          1,
                          {NULL, N_("Give your quote, and say so here"), NULL},
                          N_("They have met you, and wait for a price.")},
    [INTRODUCTION_QUOTED] = {PARTY_ASKER,
                             1,
                             {N_("Order, or decline the quote"), NULL, NULL},
                             N_("A quote waits for your decision.")},
    [INTRODUCTION_ORDERED] = {PARTY_ASKER,
                              5,
                              {N_("Say when it is delivered"), NULL, NULL},
                              N_("Delivered, it counts as a deal, and they may be asked again.")},
    [INTRODUCTION_DELIVERED] = {PARTY_FACILITATOR,
                                5,
                                {NULL, NULL, N_("Ask whether it went well, and whether they go on")},
                                N_("What was delivered once may be ordered again, and counts."),
                                .rest = 90},
};

#define DECLINED_BY(state_, by_)                                                                             \
    {                                                                                                        \
        state_, INTRODUCTION_DECLINE, by_, INTRODUCTION_DECLINED                                             \
    }
#define CLOSED(state_)                                                                                       \
    {                                                                                                        \
        state_, INTRODUCTION_CLOSE, PARTY_FACILITATOR, INTRODUCTION_EXPIRED                                  \
    }
const struct introduction_step introduction_steps[] = {
    {INTRODUCTION_PROPOSED, INTRODUCTION_ACCEPT, PARTY_ANSWERER, INTRODUCTION_ACCEPTED},
    {INTRODUCTION_PROPOSED, INTRODUCTION_ASK_CALL, PARTY_ANSWERER, INTRODUCTION_CALL_ASKED},
    {INTRODUCTION_PROPOSED, INTRODUCTION_PLEDGE, PARTY_ANSWERER, INTRODUCTION_SEALED},
    DECLINED_BY(INTRODUCTION_PROPOSED, PARTY_SIDES),
    CLOSED(INTRODUCTION_PROPOSED),
    {INTRODUCTION_CALL_ASKED, INTRODUCTION_ACCEPT, PARTY_ANSWERER, INTRODUCTION_ACCEPTED},
    {INTRODUCTION_CALL_ASKED, INTRODUCTION_PLEDGE, PARTY_ANSWERER, INTRODUCTION_SEALED},
    {INTRODUCTION_CALL_ASKED, INTRODUCTION_CALLED, PARTY_FACILITATOR, INTRODUCTION_PROPOSED},
    DECLINED_BY(INTRODUCTION_CALL_ASKED, PARTY_SIDES),
    CLOSED(INTRODUCTION_CALL_ASKED),
    {INTRODUCTION_ACCEPTED, INTRODUCTION_CONSENT, PARTY_ASKER, INTRODUCTION_AGREED},
    {INTRODUCTION_ACCEPTED, INTRODUCTION_PLEDGE, PARTY_ASKER, INTRODUCTION_PLEDGED},
    {INTRODUCTION_ACCEPTED, INTRODUCTION_TAKE_BACK, PARTY_ANSWERER, INTRODUCTION_PROPOSED},
    DECLINED_BY(INTRODUCTION_ACCEPTED, PARTY_ASKER),
    CLOSED(INTRODUCTION_ACCEPTED),
    {INTRODUCTION_SEALED, INTRODUCTION_PLEDGE, PARTY_ASKER, INTRODUCTION_AGREED},
    {INTRODUCTION_SEALED, INTRODUCTION_TAKE_BACK, PARTY_ANSWERER, INTRODUCTION_PROPOSED},
    DECLINED_BY(INTRODUCTION_SEALED, PARTY_ASKER),
    CLOSED(INTRODUCTION_SEALED),
    {INTRODUCTION_PLEDGED, INTRODUCTION_PLEDGE, PARTY_ANSWERER, INTRODUCTION_AGREED},
    {INTRODUCTION_PLEDGED, INTRODUCTION_TAKE_BACK, PARTY_ASKER, INTRODUCTION_ACCEPTED},
    DECLINED_BY(INTRODUCTION_PLEDGED, PARTY_SIDES),
    CLOSED(INTRODUCTION_PLEDGED),
    {INTRODUCTION_AGREED, INTRODUCTION_MEET, PARTY_SIDES | PARTY_FACILITATOR, INTRODUCTION_MET},
    {INTRODUCTION_AGREED, INTRODUCTION_QUOTE, PARTY_ANSWERER | PARTY_FACILITATOR, INTRODUCTION_QUOTED},
    DECLINED_BY(INTRODUCTION_AGREED, PARTY_SIDES),
    CLOSED(INTRODUCTION_AGREED),
    {INTRODUCTION_MET, INTRODUCTION_QUOTE, PARTY_ANSWERER | PARTY_FACILITATOR, INTRODUCTION_QUOTED},
    DECLINED_BY(INTRODUCTION_MET, PARTY_SIDES),
    CLOSED(INTRODUCTION_MET),
    {INTRODUCTION_QUOTED, INTRODUCTION_ORDER, PARTY_ASKER | PARTY_FACILITATOR, INTRODUCTION_ORDERED},
    DECLINED_BY(INTRODUCTION_QUOTED, PARTY_SIDES),
    CLOSED(INTRODUCTION_QUOTED),
    {INTRODUCTION_ORDERED, INTRODUCTION_DELIVER, PARTY_SIDES | PARTY_FACILITATOR, INTRODUCTION_DELIVERED},
    DECLINED_BY(INTRODUCTION_ORDERED, PARTY_SIDES),
    CLOSED(INTRODUCTION_ORDERED),
    {INTRODUCTION_DELIVERED, INTRODUCTION_AGAIN, PARTY_SIDES | PARTY_FACILITATOR, INTRODUCTION_RENEWED},
    {INTRODUCTION_DELIVERED, INTRODUCTION_FINISH, PARTY_SIDES | PARTY_FACILITATOR, INTRODUCTION_FINISHED},
};
const size_t introduction_step_count = COUNT(introduction_steps);

const struct reminder_plan reminder_default = {.days = {3, 9, 21, 45}, .count = REMINDERS, .escalates = 21};

static int place_of(const struct choice *choices, const char *code)
{
    for (int i = 0; code && choices[i].code; i++)
        if (strcmp(choices[i].code, code) == 0)
            return i;
    return -1;
}

bool introduction_state_of(const char *code, enum introduction_state *state)
{
    int found = place_of(introduction_states, code);
    if (found >= 0)
        *state = (enum introduction_state)found;
    return found >= 0;
}

bool introduction_act_of(const char *code, enum introduction_act *act)
{
    int found = place_of(introduction_acts, code);
    if (found >= 0)
        *act = (enum introduction_act)found;
    return found >= 0;
}

const struct introduction_step *introduction_step_find(enum introduction_state from,
                                                       enum introduction_act act, int parties)
{
    for (size_t i = 0; i < introduction_step_count; i++) {
        const struct introduction_step *s = &introduction_steps[i];
        if (s->from == from && s->act == act && (s->by & parties))
            return s;
    }
    return NULL;
}

bool introduction_plain(enum introduction_act act)
{
    static const bool plain[INTRODUCTION_ACTS] = {[INTRODUCTION_CALLED] = true,
                                                  [INTRODUCTION_MEET] = true,
                                                  [INTRODUCTION_QUOTE] = true,
                                                  [INTRODUCTION_DELIVER] = true};
    return plain[act];
}

bool introduction_yes(enum introduction_act act)
{
    return act == INTRODUCTION_ACCEPT || act == INTRODUCTION_CONSENT || act == INTRODUCTION_PLEDGE;
}

bool introduction_open(enum introduction_state state)
{
    return introduction_places[state].waits != 0;
}

bool introduction_revealed(enum introduction_state state)
{
    return state >= INTRODUCTION_AGREED && state <= INTRODUCTION_FINISHED;
}

bool introduction_needs_reason(enum introduction_state to)
{
    return to == INTRODUCTION_FINISHED || to == INTRODUCTION_DECLINED || to == INTRODUCTION_EXPIRED;
}

bool introduction_reason_fits(const char *code, int parties)
{
    int found = place_of(introduction_reasons, code);
    return found >= 0 && (reason_by[found] & parties);
}

bool reminder_days_parse(const char *text, struct reminder_plan *plan)
{
    struct reminder_plan read = {.escalates = plan->escalates};
    struct slice rest = slice_of(text), word;
    while (slice_cut(&rest, ',', &word)) {
        int64_t days = 0;
        int64_t least = read.count ? read.days[read.count - 1] + 1 : 1;
        if (read.count == REMINDERS || !integer_parse(slice_trim(word), &days) || days < least ||
            days > REMINDER_MOST_DAYS)
            return false;
        read.days[read.count++] = (int)days;
    }
    if (read.count)
        *plan = read;
    return read.count > 0;
}

/* The day in the state that so many days of a plan come to. */
static int64_t day_in(enum introduction_state state, int days)
{
    return introduction_places[state].rest + (int64_t)days * introduction_places[state].patience;
}

int introduction_reminders(enum introduction_state state, int64_t days, const struct reminder_plan *plan)
{
    int due = 0;
    while (introduction_open(state) && due < plan->count && days >= day_in(state, plan->days[due]))
        due++;
    return due;
}

int64_t introduction_next_reminder(enum introduction_state state, int64_t days,
                                   const struct reminder_plan *plan)
{
    int due = introduction_reminders(state, days, plan);
    if (!introduction_open(state) || due == plan->count)
        return 0;
    return day_in(state, plan->days[due]);
}

int introduction_waits(enum introduction_state state, int64_t days, const struct reminder_plan *plan)
{
    int waits = introduction_places[state].waits;
    if (!waits || (introduction_places[state].rest && days < introduction_places[state].rest))
        return 0;
    return days >= day_in(state, plan->escalates) ? waits | PARTY_FACILITATOR : waits;
}

int64_t introduction_due(enum introduction_state state, int64_t since, const struct reminder_plan *plan)
{
    const struct introduction_place *p = &introduction_places[state];
    if (!p->waits)
        return UNKNOWN_INTEGER;
    return since + (p->waits & PARTY_FACILITATOR ? p->rest : day_in(state, plan->escalates));
}

int need_waits(bool open, size_t open_introductions, size_t ordered)
{
    return open && !open_introductions && !ordered ? PARTY_ASKER | PARTY_FACILITATOR : 0;
}
