/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* letter_pages.c - what somebody wants by mail, also without signing in; and letters that did not arrive. */
#include <string.h>

#include "clock/clock.h"
#include "digests/digests.h"
#include "i18n/i18n.h"
#include "mail/trouble.h"
#include "pages/letter_view.h"
#include "records/choices.h"
#include "templates.h"

/* --- how often -------------------------------------------------------------------------------------- */

/* Whom the link at the end of a letter was made for. */
static struct fault *find_reader(struct request *r, int64_t *person)
{
    bool good = false;
    TRY(digest_unseal(house_of(r), space_of(r), request_part(r, "key"), person, &good));
    return good ? NULL
                : fault(FAULT_NOT_FOUND, "This link is not whole: copy it as it stands in the letter.");
}

static struct fault *draw(struct request *r, struct response *answer, enum digest_rate rate, bool saved)
{
    struct digest_view v = {.action = r->path, .rate = (int)rate, .saved = saved};
    v.frame = frame_of(r, answer, tr("What is new, by mail"), NULL);
    v.frame.narrow = true;
    answer->cache = CACHE_NEVER;
    digest_page(answer->html, &v);
    return NULL;
}

static struct fault *digest_show(struct request *r, struct response *answer)
{
    int64_t person;
    enum digest_rate rate;
    TRY(find_reader(r, &person));
    TRY(digest_of(space_of(r), person, &rate));
    return draw(r, answer, rate, false);
}

/* A program for letters posts "List-Unsubscribe=One-Click" (RFC 8058); a person, what they chose. */
static struct fault *digest_choose(struct request *r, struct response *answer)
{
    int64_t person;
    const char *code = param(&r->form, "digest");
    TRY(find_reader(r, &person));
    TRY(digest_set(space_of(r), person, code ? code : "never"));
    return draw(r, answer, code ? digest_rate_of(code) : DIGEST_NEVER, true);
}

static struct fault *digest_choose_own(struct request *r, struct response *answer)
{
    TRY(digest_set(space_of(r), door_viewer(door_of(r))->person, param_text(&r->form, "digest")));
    flash_set(answer, "saved", NULL);
    response_redirect(answer, "/compte");
    return NULL;
}

/* --- what did not arrive ---------------------------------------------------------------------------- */

static struct fault *mail_show(struct request *r, struct response *answer)
{
    struct mail_troubles t;
    TRY(mail_troubles(house_of(r), space_of(r), door_of(r), &t));
    struct refused_line *refused = NEW(r->arena, struct refused_line, t.refused_count + 1);
    struct trouble_line *letters = NEW(r->arena, struct trouble_line, t.letter_count + 1);
    struct unread_line *unread = NEW(r->arena, struct unread_line, t.unread_count + 1);
    for (size_t i = 0; i < t.unread_count; i++)
        unread[i] = (struct unread_line){
            arena_print(r->arena, tr("Letter %lld of the mailbox"), (long long)t.unread[i].number),
            time_ago(r->arena, t.unread[i].tried_us), t.unread[i].answer};
    for (size_t i = 0; i < t.refused_count; i++)
        refused[i] = (struct refused_line){t.refused[i].address, time_ago(r->arena, t.refused[i].since_us),
                                           t.refused[i].answer};
    for (size_t i = 0; i < t.letter_count; i++) {
        const struct letter_trouble *l = &t.letters[i];
        int64_t minutes = (l->next_us - now_us()) / (60 * SECOND_US) + 1;
        const char *next =
            l->next_us ? arena_print(r->arena, tr("again in %lld min"), (long long)minutes) : "";
        letters[i] = (struct trouble_line){
            l->to, time_ago(r->arena, l->made_us), l->state_shown, next, l->answer, l->next_us == 0};
    }
    struct mail_view v = {.leaves = post_leaves(house_post(house_of(r))),
                          .refused = refused,
                          .letters = letters,
                          .unread = unread,
                          .refused_count = t.refused_count,
                          .letter_count = t.letter_count,
                          .unread_count = t.unread_count};
    v.frame = frame_of(r, answer, tr("Mail"), "/courrier");
    v.frame.here = "/courrier";
    answer->cache = CACHE_NEVER;
    mail_page(answer->html, &v);
    return NULL;
}

static struct fault *address_forgive(struct request *r, struct response *answer)
{
    TRY(mail_forgive(house_of(r), space_of(r), door_of(r), param_text(&r->form, "address")));
    flash_set(answer, "saved", NULL);
    response_redirect(answer, "/courrier");
    return NULL;
}

const struct route letter_routes[] = {
    {"GET", "/desabonnement/{key}", digest_show, .right = ROLES_ANYONE,
     .summary = N_("How often one is told by mail what is new, from a letter")},
    {"POST", "/desabonnement/{key}", digest_choose, .right = ROLES_ANYONE, .writes = true, .sealed = true,
     .elsewhere = true, .summary = N_("Choose it, or end it with one click")},
    {"POST", "/compte/nouvelles", digest_choose_own, .right = ROLES_SIGNED_IN, .writes = true,
     .elsewhere = true, .summary = N_("How often one is told by mail what is new")},
    {"GET", "/courrier", mail_show, .right = ROLE_FACILITATOR, .summary = N_("Letters that did not arrive")},
    {"POST", "/courrier/adresses", address_forgive, .right = ROLE_FACILITATOR, .writes = true,
     .elsewhere = true, .summary = N_("Write to an address again that refused letters")},
};
const size_t letter_route_count = COUNT(letter_routes);
