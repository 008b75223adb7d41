/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* introduction_draw.c - views of introductions and their cards, filled: facts, acts, what happened. */
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "introductions/agreements.h"
#include "introductions/deal_calls.h"
#include "log/log.h"
#include "pages/introduction_draw.h"
#include "reminders/mail_answer.h"

struct fault *card_facts_load(struct door *d, const struct blind_card *card, const struct fact_view **facts,
                              size_t *count)
{
    static const char *const fields[] = {"processes", "materials", "size", "tolerance", "pieces", "region"};
    struct fact_view *list = NEW(door_arena(d), struct fact_view, COUNT(fields));
    struct names *names = NULL;
    *count = 0;
    TRY(names_load(d, &blind_card_type, ALL_FIELDS, card, 1, &names));
    for (size_t i = 0; i < COUNT(fields); i++) {
        const struct field *f = field_find(&blind_card_type, fields[i]);
        if (field_known(f, card))
            list[(*count)++] = (struct fact_view){tr(f->label), field_text(names, f, card)};
    }
    *facts = list;
    return NULL;
}

const char *hiding_text(struct arena *a, const struct blind_card *card)
{
    if (!known_integer(card->plausible))
        return NULL;
    return arena_print(a,
                       tr_plural(card->plausible, "%s organisation of this space could have written it.",
                                 "%s organisations of this space could have written it."),
                       integer_print(a, card->plausible));
}

const char *together_text(struct arena *a, const struct blind_card *card)
{
    if (!known_integer(card->together))
        return NULL;
    return arena_print(a,
                       tr_plural(card->together,
                                 "%s other firm is asked to do it together with you: once both are known to "
                                 "who asks, each is told "
                                 "of the other.",
                                 "%s other firms are asked to do it together with you: those who are known "
                                 "to who asks are told of "
                                 "each other."),
                       integer_print(a, card->together));
}

/* What an act does, before it is done. */
static const char *help_of(enum introduction_act act, enum introduction_state from)
{
    if (act == INTRODUCTION_PLEDGE && (from == INTRODUCTION_SEALED || from == INTRODUCTION_PLEDGED))
        return tr(
            "The other side has accepted it. Each is given the name and address of the other, and who was "
            "asked the text of the need. This cannot be taken back.");
    if (act == INTRODUCTION_PLEDGE)
        return tr(
            "Nothing more is told of you before the other side accepts it too: then each is given the name "
            "and address of the other, and who was asked the text of the need.");
    if (act == INTRODUCTION_ACCEPT)
        return tr("Whoever asks then sees the name of your organisation. You learn theirs once they say yes "
                  "too: then each is given the name and address of the other.");
    if (act == INTRODUCTION_CONSENT)
        return tr("They are given your name, that of your organisation, and the text of this need; you are "
                  "given whom to talk to. This cannot be taken back.");
    if (act == INTRODUCTION_ASK_CALL)
        return tr("A facilitator calls you; nobody learns anything.");
    return NULL;
}

static const struct act_view *acts_of(struct arena *a, enum introduction_state state, int parties, bool turn,
                                      size_t *count)
{
    const struct deal_choice *choices = deal_choices(a, state, parties, count);
    struct act_view *acts = NEW(a, struct act_view, *count + 1);
    for (size_t i = 0; i < *count; i++) {
        const struct deal_choice *c = &choices[i];
        struct reason_view *reasons = NEW(a, struct reason_view, c->reason_count + 1);
        for (size_t k = 0; k < c->reason_count; k++)
            reasons[k] = (struct reason_view){c->reasons[k]->code, tr(c->reasons[k]->label)};
        acts[i] = (struct act_view){.code = introduction_acts[c->act].code,
                                    .label = tr(introduction_acts[c->act].label),
                                    .help = help_of(c->act, state),
                                    .reasons = reasons,
                                    .reason_count = c->reason_count,
                                    .worded = (parties & PARTY_SIDES) != 0,
                                    .valued = c->act == INTRODUCTION_ORDER || c->act == INTRODUCTION_AGAIN,
                                    .pledges = c->act == INTRODUCTION_PLEDGE,
                                    .main = turn && !i && !c->reason_count};
    }
    return acts;
}

/* "It is your turn: say whether you can do it", "The other side is waited for". */
static const char *waiting_text(enum introduction_state state, int waits, int parties)
{
    for (int k = 0; k < PARTIES; k++)
        if ((waits & parties) >> k & 1 && introduction_places[state].task[k])
            return tr(introduction_places[state].task[k]);
    if (waits & parties)
        return tr("Find out why nothing moves");
    return waits == PARTY_FACILITATOR ? tr("The facilitators are waited for.")
                                      : tr("The other side is waited for.");
}

void standing_fill(struct arena *a, const char *code, int64_t since, int64_t due, int parties,
                   struct introduction_view *v)
{
    enum introduction_state state = INTRODUCTION_EXPIRED;
    bool known = introduction_state_of(code, &state);
    bool rests = introduction_places[state].rest && due > today();
    int waits = rests ? 0 : introduction_places[state].waits;
    if (known_integer(due) && due <= today())
        waits |= PARTY_FACILITATOR;
    v->open = known && introduction_open(state);
    v->turn = v->open && (waits & parties);
    v->state = known ? tr(introduction_states[state].label) : "";
    v->waiting = v->open && !rests ? waiting_text(state, waits, parties) : NULL;
    v->since = known_integer(since) ? day_in_words(a, since, false) : NULL;
    if (known)
        v->acts = acts_of(a, state, parties, v->turn, &v->act_count);
}

struct fault *given_fill(struct request *r, struct door *d, int64_t record, int64_t before_us,
                         struct introduction_view *v)
{
    struct mail_answer *all = NULL;
    size_t count = 0, n = 0;
    TRY(mail_answers(house_of(r), space_of(r), d, &all, &count));
    const struct mail_answer *m = mail_answer_of(all, count, record, v->version);
    if (!m || m->made_us > before_us || !v->act_count)
        return NULL;
    struct act_view *acts = NEW(r->arena, struct act_view, v->act_count);
    for (int first = 1; first >= 0; first--)
        for (size_t i = 0; i < v->act_count; i++) {
            bool given = m->act && strcmp(m->act, v->acts[i].code) == 0;
            if (given != first)
                continue;
            acts[n] = v->acts[i];
            acts[n].given = given;
            acts[n].main = given || (!m->act && acts[n].main);
            acts[n].words = given || !m->act ? m->words : NULL;
            n++;
        }
    v->acts = acts;
    v->given = m->words;
    v->worded = true;
    return NULL;
}

void given_end(struct request *r, struct door *d, int64_t record)
{
    struct fault *failed = param(&r->form, "given")
                               ? mail_answer_end(house_of(r), space_of(r), door_viewer(d)->person, record)
                               : NULL;
    if (failed) /* the act is done: what is left of it is swept */
        log_fault("mail_answer", failed);
}

/* The agreement that is accepted already, or may be with an act. */
struct fault *agreement_fill(struct door *d, const struct record_type *type, const void *record,
                             struct introduction_view *v)
{
    struct agreement *offered = NEW(door_arena(d), struct agreement, 1);
    bool wanted = *(const int64_t *)field_in(field_find(type, "agreement"), record) != 0;
    for (size_t i = 0; i < v->act_count; i++)
        wanted = wanted || v->acts[i].pledges;
    if (!wanted)
        return NULL;
    TRY(deal_agreement(d, type, record, offered));
    v->agreement = offered;
    v->agreement_text = agreement_text(offered);
    return NULL;
}

/* The states it went through, the newest first. */
struct fault *events_load(struct request *r, const struct record_type *type, int64_t id,
                          struct introduction_view *v)
{
    struct history_line *lines = NULL;
    size_t count = 0;
    const struct field *state = field_find(type, "state");
    TRY(door_history(door_of(r), type, id, &lines, &count));
    struct event_view *events = NEW(r->arena, struct event_view, count + 1);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < lines[i].count; k++)
            if (lines[i].changes[k].field == state && lines[i].changes[k].after)
                events[v->event_count++] =
                    (struct event_view){instant_print(r->arena, lines[i].at_us),
                                        day_in_words(r->arena, day_at(lines[i].at_us), false),
                                        lines[i].changes[k].after, lines[i].person};
    v->events = events;
    return NULL;
}

/* Who asked to be called, and was not; 0: nobody. Calls: newest first. */
static int64_t who_wishes(const struct call *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool made = calls[i].wished != FLAG_YES;
        for (size_t k = 0; k < i; k++)
            made = made || calls[k].organisation == calls[i].organisation;
        if (!made)
            return calls[i].person;
    }
    return 0;
}

static struct fault *callees_load(struct request *r, int64_t introduction, int64_t wishes,
                                  struct introduction_view *v)
{
    struct deal_person *people = NULL;
    const char **names = NULL;
    TRY(deal_people(door_of(r), introduction, &people, &v->callee_count));
    struct callee_view *callees = NEW(r->arena, struct callee_view, v->callee_count + 1);
    int64_t *ids = NEW(r->arena, int64_t, v->callee_count + 1);
    for (size_t i = 0; i < v->callee_count; i++)
        ids[i] = people[i].organisation;
    TRY(door_names(door_of(r), &organisation_type, ids, v->callee_count, &names));
    for (size_t i = 0; i < v->callee_count; i++)
        callees[i] = (struct callee_view){people[i].id,
                                          arena_print(r->arena, "%s, %s%s%s", people[i].name,
                                                      names[i] ? names[i] : "", people[i].phone ? " · " : "",
                                                      people[i].phone ? people[i].phone : ""),
                                          people[i].id == wishes};
    v->callees = callees;
    return NULL;
}

struct fault *calls_load(struct request *r, const struct introduction *i, struct introduction_view *v)
{
    enum introduction_state state;
    struct call *calls = NULL;
    struct names *names = NULL;
    if (!(r->visitor.roles & ROLE_FACILITATOR))
        return NULL;
    TRY(deal_calls(door_of(r), i->id, &calls, &v->call_count));
    TRY(names_load(door_of(r), &call_type, ALL_FIELDS, calls, v->call_count, &names));
    struct call_view *views = NEW(r->arena, struct call_view, v->call_count + 1);
    for (size_t k = 0; k < v->call_count; k++)
        views[k] = (struct call_view){
            day_in_words(r->arena, day_at(id_instant_us(calls[k].id)), false),
            field_text(names, field_find(&call_type, "person"), &calls[k]), calls[k].said,
            calls[k].wished == FLAG_YES ? tr(introduction_acts[INTRODUCTION_ASK_CALL].label)
            : calls[k].act              ? choice_label(field_find(&call_type, "act"), calls[k].act)
                                        : NULL};
    v->calls = views;
    v->call_base = arena_print(r->arena, "/mises-en-relation/%lld/appel", (long long)i->id);
    v->calling = param(&r->query, "appel") != NULL;
    if (!introduction_state_of(i->state, &state) || !introduction_open(state))
        return NULL;
    v->call_acts = acts_of(r->arena, state, PARTY_SIDES | PARTY_FACILITATOR, false, &v->call_act_count);
    return callees_load(r, i->id, who_wishes(calls, v->call_count), v);
}
