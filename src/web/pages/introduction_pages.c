/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* introduction_pages.c - from match to deal: what will be sent, the card that was, and how it goes on. */
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "introductions/deal_calls.h"
#include "pages/introduction_draw.h"
#include "templates.h"

enum { PEOPLE = ROLE_MEMBER | ROLE_FACILITATOR };

static struct fault *name_of_organisation(struct request *r, int64_t id, const char **name)
{
    const char **names = NULL;
    TRY(door_names(door_of(r), &organisation_type, &id, 1, &names));
    *name = id ? names[0] : NULL;
    return NULL;
}

/* Introductions of a need: those asked together, or with party 0 those that others may still join. */
static struct fault *party_load(struct request *r, int64_t need, int64_t party,
                                const struct introduction_line **lines, size_t *count)
{
    struct introduction_line *all = NULL;
    size_t found = 0;
    *count = 0;
    TRY(introduction_lines_load(r, need, &all, &found));
    for (size_t i = 0; i < found; i++)
        if (party ? all[i].party == party : all[i].joinable)
            all[(*count)++] = all[i];
    *lines = all;
    return NULL;
}

/* --- proposing --------------------------------------------------------------------------------------------
 */

static struct deal_proposal wish_of(const struct request *r, const struct params *from)
{
    return (struct deal_proposal){.need = request_id(r, "id"),
                                  .organisation = strtoll(param_text(from, "structure"), NULL, 10),
                                  .rank = strtoll(param_text(from, "rang"), NULL, 10),
                                  .with = strtoll(param_text(from, "avec"), NULL, 10),
                                  .reason = param(from, "motif"),
                                  .despite = param(from, "malgre") != NULL};
}

static struct fault *draw_proposal(struct request *r, struct response *answer,
                                   const struct deal_proposal *wish, const struct fault *failed)
{
    struct card_draft draft;
    struct need need;
    struct proposal_view v = {.to_href = record_url(r->arena, &organisation_type, wish->organisation),
                              .wish = wish,
                              .error = failed ? failed->text : NULL,
                              .again = failed && strcmp(failed->field, "reason") == 0};
    TRY(door_load(door_of(r), need, wish->need, &need, NULL));
    TRY(deal_draft(door_of(r), &need, wish->organisation, wish->with, &draft));
    TRY(name_of_organisation(r, wish->organisation, &v.to));
    v.need = need.title;
    v.need_href = record_url(r->arena, &need_type, need.id);
    TRY(card_facts_load(door_of(r), &draft.card, &v.facts, &v.fact_count));
    v.subject = draft.card.subject;
    v.blind = draft.blind;
    v.silent = draft.silent;
    v.competing = draft.competing;
    v.competing_count = draft.competing_count;
    v.hint = draft.hint;
    v.hiding = hiding_text(r->arena, &draft.card);
    TRY(party_load(r, need.id, 0, &v.others, &v.other_count));
    v.refused = !draft.hidden;
    if (v.refused)
        v.error =
            tr("Too few organisations could have written this card: it is not sent. Ask the facilitators "
               "to speak for you.");
    v.base = arena_print(r->arena, "/besoins/%lld/proposer", (long long)need.id);
    v.frame = frame_of(r, answer, tr("Propose the introduction"), "/besoins");
    v.frame.narrow = true;
    proposal_page(answer->html, &v);
    return NULL;
}

static struct fault *proposal_show(struct request *r, struct response *answer)
{
    const struct deal_proposal wish = wish_of(r, &r->query);
    return draw_proposal(r, answer, &wish, NULL);
}

static struct fault *proposal_send(struct request *r, struct response *answer)
{
    int64_t made = 0;
    const struct deal_proposal wish = wish_of(r, &r->form);
    struct fault *failed = deal_propose(door_of(r), &wish, &made);
    if (failed && *failed->field) {
        const struct fault kept = *failed;
        answer->status = failed->code == FAULT_INVALID ? 422 : 409;
        return draw_proposal(r, answer, &wish, &kept);
    }
    TRY(failed);
    flash_set(answer, "proposed", NULL);
    response_redirect(answer, record_url(r->arena, &introduction_type, made));
    return NULL;
}

/* --- the introduction -------------------------------------------------------------------------------------
 */

static const char *label_of(const struct record_type *type, const char *field, const char *code)
{
    return code ? choice_label(field_find(type, field), code) : NULL;
}

/* What the facilitators see beside it: the card, and who was asked. */
static struct fault *card_beside(struct request *r, struct introduction *i, struct introduction_view *v)
{
    struct blind_card card;
    struct fault *hidden = deal_card_of(door_of(r), i->id, &card);
    if (hidden)
        return hidden->code == FAULT_NOT_FOUND ? NULL : hidden;
    TRY(card_facts_load(door_of(r), &card, &v->facts, &v->fact_count));
    v->hiding = hiding_text(r->arena, &card);
    i->answerer = card.organisation;
    v->card_href = readings_url(r, &blind_card_type, &card);
    if (card.reason)
        v->reason = label_of(&blind_card_type, "reason", card.reason);
    if (card.words)
        v->words = card.words;
    return deal_asked_again(door_of(r), i->id, &v->again);
}

static struct fault *name_other(struct request *r, int64_t other, const char *unknown,
                                struct introduction_view *v)
{
    TRY(name_of_organisation(r, other, &v->who));
    if (v->who)
        v->who_href = record_url(r->arena, &organisation_type, other);
    else
        v->who = unknown;
    return NULL;
}

static struct fault *draw_introduction(struct request *r, struct response *answer, const char *error)
{
    struct introduction i;
    struct need need;
    struct door *d = door_of(r);
    TRY(door_load(d, introduction, request_id(r, "id"), &i, NULL));
    int parties = deal_parties(d, &introduction_type, &i);
    struct introduction_view v = {
        .heading = i.subject,
        .lede = tr("An introduction: who is asked answers first, then whose need it is."),
        .error = error,
        .who_label = tr("Who was asked"),
        .contact = i.contact,
        .version = i.version};
    v.reason = label_of(&introduction_type, "reason", i.reason);
    v.words = i.words;
    v.value = label_of(&introduction_type, i.value_again ? "value_again" : "value",
                       i.value_again ? i.value_again : i.value);
    TRY(card_beside(r, &i, &v));
    bool sealed = i.state && strcmp(i.state, introduction_states[INTRODUCTION_SEALED].code) == 0;
    TRY(name_other(
        r, i.answerer,
        sealed ? tr("A firm that the facilitators asked: its name comes when you accept the agreement.")
               : tr("A firm that the facilitators asked: its name comes with its yes."),
        &v));
    if (i.need && !door_load(d, need, i.need, &need, NULL)) {
        v.need = need.title;
        v.need_href = record_url(r->arena, &need_type, need.id);
    }
    if (i.party)
        TRY(party_load(r, i.need, i.party, &v.party, &v.party_count));
    v.base = arena_print(r->arena, "/mises-en-relation/%lld/acte", (long long)i.id);
    v.readings_href = readings_url(r, &introduction_type, &i);
    standing_fill(r->arena, i.state, i.since, i.due, parties, &v);
    TRY(given_fill(r, d, i.id, INT64_MAX, &v));
    v.pledges = i.pledges;
    TRY(agreement_fill(d, &introduction_type, &i, &v));
    TRY(events_load(r, &introduction_type, i.id, &v));
    TRY(calls_load(r, &i, &v));
    TRY(attached_load(r, &introduction_type, i.id, &v.attached));
    v.frame = frame_of(r, answer, i.subject, "/besoins");
    introduction_page(answer->html, &v);
    return NULL;
}

static struct fault *draw_card(struct request *r, struct response *answer, const char *error)
{
    struct blind_card card;
    struct door *d = door_of(r);
    TRY(door_load(d, blind_card, request_id(r, "id"), &card, NULL));
    struct introduction_view v = {.card = true,
                                  .heading = card.subject,
                                  .error = error,
                                  .who_label = tr("Who asks"),
                                  .contact = card.contact,
                                  .need_text = card.need_text,
                                  .words = card.words,
                                  .version = card.version};
    v.lede = card.asker ? tr("You are known to each other.")
                        : tr("Somebody of this space looks for who can do this. Neither side knows the other "
                             "before both have said yes.");
    v.reason = label_of(&blind_card_type, "reason", card.reason);
    v.together = together_text(r->arena, &card);
    v.partners = card.partners;
    v.hiding = card.asker ? NULL : hiding_text(r->arena, &card);
    TRY(card_facts_load(d, &card, &v.facts, &v.fact_count));
    TRY(name_other(r, card.asker, tr("Told once both have said yes."), &v));
    v.base = arena_print(r->arena, "/demandes/%lld/reponse", (long long)card.id);
    v.readings_href = readings_url(r, &blind_card_type, &card);
    standing_fill(r->arena, card.state, card.since, card.due, deal_parties(d, &blind_card_type, &card), &v);
    TRY(given_fill(r, d, card.id, INT64_MAX, &v));
    v.pledges = card.pledges;
    TRY(agreement_fill(d, &blind_card_type, &card, &v));
    TRY(events_load(r, &blind_card_type, card.id, &v));
    TRY(attached_load(r, &blind_card_type, card.id, &v.attached));
    v.frame = frame_of(r, answer, card.subject, "/aujourdhui");
    introduction_page(answer->html, &v);
    return NULL;
}

static struct fault *introduction_show(struct request *r, struct response *answer)
{
    return draw_introduction(r, answer, NULL);
}

static struct fault *card_show(struct request *r, struct response *answer)
{
    return draw_card(r, answer, NULL);
}

/* A refusal is told on the page itself, as it stands now. */
static struct fault *after_act(struct request *r, struct response *answer, const struct record_type *type,
                               struct fault *failed)
{
    if (failed && (failed->code == FAULT_INVALID || failed->code == FAULT_CONFLICT)) {
        const char *error = arena_print(r->arena, "%s", failed->text);
        answer->status = failed->code == FAULT_INVALID ? 422 : 409;
        return type == &blind_card_type ? draw_card(r, answer, error) : draw_introduction(r, answer, error);
    }
    TRY(failed);
    given_end(r, door_of(r), request_id(r, "id"));
    bool from_today = strcmp(param_text(&r->form, "retour"), "/aujourdhui") == 0;
    flash_set(answer, "noted", NULL);
    response_redirect(answer, from_today ? "/aujourdhui" : record_url(r->arena, type, request_id(r, "id")));
    return NULL;
}

static struct deal_answer answer_of(const struct request *r)
{
    return (struct deal_answer){.act = param_text(&r->form, "act"),
                                .reason = param(&r->form, "reason"),
                                .words = param(&r->form, "words"),
                                .value = param(&r->form, "value"),
                                .agreement = strtoll(param_text(&r->form, "agreement"), NULL, 10),
                                .version = strtoll(param_text(&r->form, "version"), NULL, 10)};
}

static struct fault *introduction_act(struct request *r, struct response *answer)
{
    const struct deal_answer said = answer_of(r);
    return after_act(r, answer, &introduction_type, deal_act(door_of(r), request_id(r, "id"), &said));
}

static struct fault *call_note(struct request *r, struct response *answer)
{
    const struct deal_call said = {.person = strtoll(param_text(&r->form, "person"), NULL, 10),
                                   .said = param(&r->form, "said"),
                                   .act = param(&r->form, "act"),
                                   .reason = param(&r->form, "reason"),
                                   .version = strtoll(param_text(&r->form, "version"), NULL, 10)};
    return after_act(r, answer, &introduction_type, deal_call_note(door_of(r), request_id(r, "id"), &said));
}

static struct fault *card_answer(struct request *r, struct response *answer)
{
    const struct deal_answer said = answer_of(r);
    return after_act(r, answer, &blind_card_type, deal_answer_card(door_of(r), request_id(r, "id"), &said));
}

/* --- on a need's page -------------------------------------------------------------------------------------
 */

struct fault *introduction_lines_load(struct request *r, int64_t need, struct introduction_line **lines,
                                      size_t *count)
{
    struct introduction *all = NULL;
    *count = 0;
    if (!(introduction_type.readers & r->visitor.roles))
        return NULL;
    TRY(deal_list_of(door_of(r), need, &all, count));
    *lines = NEW(r->arena, struct introduction_line, *count + 1);
    for (size_t i = 0; i < *count; i++) {
        struct introduction_view v = {0};
        int64_t other = all[i].answerer;
        struct blind_card card;
        struct fault *hidden = other ? NULL : deal_card_of(door_of(r), all[i].id, &card);
        if (hidden && hidden->code != FAULT_NOT_FOUND)
            return hidden;
        other = !other && !hidden ? card.organisation : other;
        standing_fill(r->arena, all[i].state, all[i].since, all[i].due,
                      deal_parties(door_of(r), &introduction_type, &all[i]), &v);
        TRY(name_other(r, other, tr("A firm asked by the facilitators"), &v));
        (*lines)[i] = (struct introduction_line){record_url(r->arena, &introduction_type, all[i].id),
                                                 v.who,
                                                 v.state,
                                                 v.since,
                                                 v.turn   ? "badge-active"
                                                 : v.open ? "badge-confirm"
                                                          : "badge-done",
                                                 other,
                                                 all[i].id,
                                                 all[i].party,
                                                 deal_joinable(&all[i])};
    }
    return NULL;
}

const struct route introduction_routes[] = {
    {"GET", "/besoins/{id}/proposer", proposal_show, .right = PEOPLE,
     .summary = N_("What an organisation would be shown of a need")},
    {"POST", "/besoins/{id}/proposer", proposal_send, .right = PEOPLE, .writes = true,
     .summary = N_("Ask an organisation about a need")},
    {"GET", "/mises-en-relation/{id}", introduction_show, .right = PEOPLE,
     .summary = N_("An introduction, for whose need it is and the facilitators")},
    {"POST", "/mises-en-relation/{id}/acte", introduction_act, .right = PEOPLE, .writes = true,
     .summary = N_("Do the next act of an introduction")},
    {"POST", "/mises-en-relation/{id}/appel", call_note, .right = ROLE_FACILITATOR, .writes = true,
     .summary = N_("Note a call about an introduction, and the act it meant")},
    {"GET", "/demandes/{id}", card_show, .right = PEOPLE,
     .summary = N_("A request that an organisation was sent, without who asks")},
    {"POST", "/demandes/{id}/reponse", card_answer, .right = PEOPLE, .writes = true,
     .summary = N_("Answer a request")},
};
const size_t introduction_route_count = COUNT(introduction_routes);
