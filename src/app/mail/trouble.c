/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/trouble.h"

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "mail/fetch.h"
#include "roster/letters.h"
#include "roster/mail_answers.h"

enum { MOST = 100 };

static struct fault *check_may(const struct door *d)
{
    const struct viewer *v = door_viewer(d);
    return v->program || (v->roles & ROLE_FACILITATOR)
               ? NULL
               : fault(FAULT_DENIED, "The facilitators look after letters that do not arrive.");
}

static struct letter_trouble told(const struct roster_letter *l)
{
    static const struct {
        const char *code, *label;
    } states[] = {[LETTER_WAITING] = {"waiting", N_("tried again later")},
                  [LETTER_SENT] = {"sent", ""},
                  [LETTER_REFUSED] = {"refused", N_("no such address")},
                  [LETTER_FAILED] = {"failed", N_("refused as it is")},
                  [LETTER_LATE] = {"late", N_("given up: nobody took it in time")},
                  [LETTER_NOBODY] = {"", ""}};
    return (struct letter_trouble){.id = l->id,
                                   .made_us = l->made_us,
                                   .next_us = l->state == LETTER_WAITING ? l->due_us : 0,
                                   .to = l->recipient,
                                   .state = states[l->state].code,
                                   .state_shown = tr(states[l->state].label),
                                   .answer = l->answer};
}

struct fault *mail_troubles(struct house *h, const struct space_info *s, struct door *d,
                            struct mail_troubles *out)
{
    struct arena *a = door_arena(d);
    struct roster_letter *letters = NULL;
    struct roster_refused *refused = NULL;
    struct roster_unread *unread = NULL;
    *out = (struct mail_troubles){0};
    TRY(check_may(d));
    TRY(roster_letters_in_trouble(house_roster(h), a, s->name, MOST, &letters, &out->letter_count));
    TRY(roster_refused_addresses(house_roster(h), a, s->name, &refused, &out->refused_count));
    TRY(roster_unread_letters(house_roster(h), a, s->name, FETCH_TRIES, &unread, &out->unread_count));
    out->letters = NEW(a, struct letter_trouble, out->letter_count + 1);
    out->refused = NEW(a, struct refused_address, out->refused_count + 1);
    out->unread = NEW(a, struct unread_letter, out->unread_count + 1);
    for (size_t i = 0; i < out->unread_count; i++)
        out->unread[i] = (struct unread_letter){unread[i].number, unread[i].answer, unread[i].tried_us};
    for (size_t i = 0; i < out->letter_count; i++)
        out->letters[i] = told(&letters[i]);
    for (size_t i = 0; i < out->refused_count; i++)
        out->refused[i] =
            (struct refused_address){refused[i].address, refused[i].answer, refused[i].since_us};
    return NULL;
}

struct fault *mail_forgive(struct house *h, const struct space_info *s, struct door *d, const char *address)
{
    bool lifted = false;
    TRY(check_may(d));
    TRY(roster_refused_lift(house_roster(h), s->name, address, &lifted));
    return lifted ? NULL : fault(FAULT_NOT_FOUND, "No letter to this address was refused.");
}
