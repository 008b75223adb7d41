/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "accounts/links.h"

#include <string.h>

#include "accounts/internal.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "records/checks.h"
#include "roster/sessions.h"
#include "text/fold.h"

static const char kind[] = "link";

struct fault *person_with_email(const struct space_info *s, struct arena *a, const char *email,
                                struct person *found)
{
    struct door *d = NULL;
    struct list_filter by = {"email", email};
    struct list_request asked = {
        .type = &person_type, .filters = &by, .filter_count = 1, .per_page = LIMIT_LIST_ROWS};
    struct list_page page;
    TRY(door_open_program(s->space, a, &d));
    TRY(door_list(d, &asked, &page));
    const struct person *people = page.records;
    size_t count = 0;
    record_clear(&person_type, found);
    for (size_t i = 0; i < page.count; i++)
        if (strcmp(fold_text(a, people[i].email), fold_text(a, email)) == 0) {
            *found = people[i];
            count++;
        }
    if (count != 1) /* written in two ways: neither is told from the other */
        record_clear(&person_type, found);
    return NULL;
}

static struct fault *load_person(const struct space_info *s, struct arena *a, int64_t person,
                                 struct person *p)
{
    struct door *d = NULL;
    TRY(door_open_program(s->space, a, &d));
    return door_load(d, person, person, p, NULL);
}

/* In the person's language; the request's comes back after. For nobody the same is done, in the same time,
 * and no letter leaves. */
static struct fault *send_link(struct house *h, const struct space_info *s, const struct person *p, bool may,
                               const char *hash, int64_t until_us)
{
    ARENA_SCOPE(work);
    enum language spoken = language(), own = spoken;
    if (p->language)
        (void)language_parse(p->language, &own);
    language_set(own);
    const struct letter_part parts[] = {
        {PART_TEXT, arena_print(work, tr("Good day %s,"), p->name ? p->name : ""), NULL},
        {PART_BUTTON, arena_print(work, tr("Sign in to %s"), s->title),
         arena_print(work, "%s/lien/%s", house_url(h, s, work), LETTER_TOKEN)},
        {PART_TEXT, tr("This link is good for 15 minutes, once, on the device where you open it."), NULL},
        {PART_NOTE, tr("If you did not ask for it, do nothing: nobody comes in without this letter."), NULL}};
    struct fault *failed =
        house_send(h, s,
                   &(struct letter){.key = arena_print(work, "link:%s", hash),
                                    .to = may ? p->email : NULL,
                                    .person = p->id,
                                    .subject = arena_print(work, tr("Your link to sign in to %s"), s->title),
                                    .parts = parts,
                                    .count = COUNT(parts),
                                    .pass = hash,
                                    .until_us = until_us});
    language_set(spoken);
    return failed;
}

struct fault *link_ask(struct house *h, const struct space_info *s, const char *email, const char *back,
                       struct caller *caller)
{
    ARENA_SCOPE(work);
    struct token token; /* stands for the one that is drawn when the letter leaves */
    struct person p;
    char hash[65];
    int64_t now = now_us();
    bool may = false;
    const char *wanted = slice_text(work, slice_trim(slice_of(email))), *folded = fold_text(work, wanted);
    bool given = *wanted && strlen(wanted) <= EMAIL_MOST;
    TRY(fault_in("email", given ? check_email(wanted) : fault(FAULT_INVALID, "Write your e-mail.")));
    TRY(attempts_check(h, s, ATTEMPT_LINK, folded, caller));
    TRY(attempts_count(h, s, ATTEMPT_LINK, folded, caller));
    TRY(person_with_email(s, work, wanted, &p));
    TRY(may_enter(s, p.id, &may, NULL));
    token_draw(&token, hash);
    const struct roster_pass pass = {.person = may ? p.id : 0, /* 0: opens nothing, and took as long */
                                     .way = WAY_LINK,
                                     .made_us = now,
                                     .until_us = now + LIMIT_LINK_AGE_S * SECOND_US,
                                     .device = device_words(work, caller->agent),
                                     .back = back ? back : ""};
    TRY(roster_pass_add(house_roster(h), hash, kind, s->name, &pass));
    return send_link(h, s, &p, may, hash, pass.until_us);
}

static struct fault *gone(void)
{
    return fault(FAULT_NOT_FOUND, "This link was used already, or is more than 15 minutes old.");
}

/* The pass that is still good. */
static struct fault *find(struct house *h, const struct space_info *s, const char *token, struct arena *a,
                          char hash[65], struct roster_pass *pass)
{
    bool may = false;
    token_hash(token, hash);
    TRY(roster_pass_find(house_roster(h), a, hash, kind, s->name, pass));
    if (!pass->person || now_us() > pass->until_us)
        return gone();
    TRY(may_enter(s, pass->person, &may, NULL));
    return may ? NULL : gone();
}

struct fault *link_look(struct house *h, const struct space_info *s, const char *token, struct arena *a,
                        struct link *out)
{
    struct roster_pass pass;
    struct person p;
    char hash[65];
    TRY(find(h, s, token, a, hash, &pass));
    TRY(load_person(s, a, pass.person, &p));
    *out = (struct link){pass.person, pass.made_us, p.name,
                         *pass.device ? pass.device : tr("an unknown device")};
    return NULL;
}

struct fault *link_take(struct house *h, const struct space_info *s, const char *token, struct arena *a,
                        const struct caller *caller, struct entry *entry)
{
    struct roster_pass pass;
    char hash[65];
    bool taken = false;
    TRY(find(h, s, token, a, hash, &pass));
    TRY(roster_pass_take(house_roster(h), hash, &taken));
    if (!taken)
        return gone();
    TRY(passed_first(h, s, pass.person, WAY_LINK, caller, entry));
    entry->back = *pass.back ? pass.back : NULL;
    return NULL;
}
