/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mail_act_pages.c - what somebody owes, done from a letter: the page behind its link, for whoever holds it.
 * It says no more than the letter did. */
#include "reminders/mail_act.h"

#include <stdlib.h>

#include "i18n/i18n.h"
#include "pages/introduction_draw.h"
#include "templates.h"

static struct fault *draw(struct request *r, struct response *answer, struct mail_act_view *v)
{
    v->frame =
        frame_of(r, answer, v->gone ? tr("This link opens nothing any more") : tr("Your answer"), NULL);
    v->frame.narrow = true;
    answer->cache = CACHE_NEVER;
    mail_act_page(answer->html, v);
    return NULL;
}

/* What is asked of them, as it stands. */
static struct fault *draw_asked(struct request *r, struct response *answer, const struct mail_act *m,
                                const char *error)
{
    struct mail_act_view v = {.who = door_person_name(m->door)};
    const char **organisations = NULL;
    const int64_t owner = record_owner(m->type, m->record);
    TRY(door_names(m->door, &organisation_type, &owner, 1, &organisations));
    v.organisation = organisations[0];
    v.asked = (struct introduction_view){.worded = true,
                                         .error = error,
                                         .base = url(r->arena, "/reponse/%s", request_part(r, "token")),
                                         .version = m->version};
    if (m->type == &blind_card_type) {
        const struct blind_card *card = m->record;
        v.asked.card = true;
        v.asked.heading = card->subject;
        v.asked.together = together_text(r->arena, card);
        TRY(card_facts_load(m->door, card, &v.asked.facts, &v.asked.fact_count));
        standing_fill(r->arena, card->state, card->since, card->due, m->parties, &v.asked);
    } else {
        const struct introduction *i = m->record;
        v.asked.heading = i->subject;
        standing_fill(r->arena, i->state, i->since, i->due, m->parties, &v.asked);
    }
    TRY(given_fill(r, m->door, m->id, m->written_us, &v.asked));
    TRY(agreement_fill(m->door, m->type, m->record, &v.asked));
    return draw(r, answer, &v);
}

/* Says why, and where the matter stands for who signs in. */
static struct fault *told_gone(struct request *r, struct response *answer, struct fault *failed)
{
    if (failed->code != FAULT_NOT_FOUND && failed->code != FAULT_CONFLICT)
        return failed;
    struct mail_act_view v = {.gone = arena_print(r->arena, "%s", failed->text)};
    answer->status = 410;
    return draw(r, answer, &v);
}

static struct fault *find(struct request *r, struct mail_act *m)
{
    return mail_act_open(house_of(r), space_of(r), request_part(r, "token"), r->arena, m);
}

static struct fault *mail_act_show(struct request *r, struct response *answer)
{
    struct mail_act m;
    struct fault *failed = find(r, &m);
    return failed ? told_gone(r, answer, failed) : draw_asked(r, answer, &m, NULL);
}

/* What was refused may be said otherwise, as long as nobody else has acted. */
static struct fault *refused(struct request *r, struct response *answer, const struct fault *why)
{
    struct mail_act m;
    const char *error = arena_print(r->arena, "%s", why->text);
    answer->status = why->code == FAULT_INVALID ? 422 : 409;
    struct fault *failed = find(r, &m);
    return failed ? told_gone(r, answer, failed) : draw_asked(r, answer, &m, error);
}

static struct fault *mail_act_answer(struct request *r, struct response *answer)
{
    struct mail_act m;
    struct fault *failed = find(r, &m);
    if (failed)
        return told_gone(r, answer, failed);
    failed = mail_act_do(
        house_of(r), &m, (struct deal_answer){.act = param_text(&r->form, "act"),
                                 .reason = param(&r->form, "reason"),
                                 .words = param(&r->form, "words"),
                                 .value = param(&r->form, "value"),
                                 .agreement = strtoll(param_text(&r->form, "agreement"), NULL, 10)});
    if (failed && (failed->code == FAULT_INVALID || failed->code == FAULT_CONFLICT))
        return refused(r, answer, failed);
    TRY(failed);
    given_end(r, m.door, m.id);
    return draw(r, answer, &(struct mail_act_view){.done = true});
}

/* Writes through a door of its own, whoever is signed in. */
const struct route mail_act_routes[] = {
    {"GET", "/reponse/{token}", mail_act_show, .right = ROLES_ANYONE,
     .summary = N_("What somebody owes, from a letter")},
    {"POST", "/reponse/{token}", mail_act_answer, .right = ROLES_ANYONE, .writes = true, .sealed = true,
     .elsewhere = true, .summary = N_("Do it without signing in")},
};
const size_t mail_act_route_count = COUNT(mail_act_routes);
