/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "accounts/invitations.h"

#include <string.h>

#include "accounts/internal.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "records/checks.h"
#include "records/choices.h"
#include "roster/invitations.h"
#include "text/fold.h"

enum { TITLE_MOST = 160 };

/* Whoever may give a mandate of an organisation, or a role. */
static bool may_invite(const struct viewer *v, const char *role, int64_t organisation)
{
    return v->program || (v->roles & ROLE_FACILITATOR) ||
           (strcmp(role, "member") == 0 && viewer_acts_for(v, organisation));
}

static struct fault *check_organisation_seen(struct door *d, int64_t organisation)
{
    const char **name = NULL;
    if (!organisation)
        return NULL;
    TRY(door_names(d, &organisation_type, &organisation, 1, &name));
    return name[0] ? NULL
                   : fault_in("organisation", fault(FAULT_INVALID, "This organisation does not exist."));
}

static struct fault *check_wish(struct door *d, const struct invitation_wish *w)
{
    const char *title = w->title ? w->title : "";
    TRY(fault_in("email", *w->email && strlen(w->email) <= EMAIL_MOST
                              ? check_email(w->email)
                              : fault(FAULT_INVALID, "Write their e-mail.")));
    if (role_of_code(w->role) == ROLE_VISITOR)
        return fault_in("role", fault(FAULT_INVALID, "Say in which role they come."));
    if (utf8_length(slice_of(title)) > TITLE_MOST || strpbrk(title, "\r\n\t"))
        return fault_in("title", fault(FAULT_INVALID, "One line of at most %d characters.", TITLE_MOST));
    TRY(check_organisation_seen(d, w->organisation));
    if (!may_invite(door_viewer(d), w->role, w->organisation))
        return fault(FAULT_DENIED, "You may invite members into an organisation you act for; facilitators, "
                                   "anybody.");
    return NULL;
}

const char *invitation_url(struct house *h, const struct space_info *s, struct arena *a,
                           const struct token *token)
{
    return arena_print(a, "%s/invitation/%s", house_url(h, s, a), token->text);
}

static struct fault *send_invitation(struct house *h, const struct space_info *s, struct door *d,
                                     const char *email, const char *hash)
{
    struct arena *a = door_arena(d);
    const char *inviter = door_person_name(d);
    struct token marked = {LETTER_TOKEN};
    const struct letter_part parts[] = {
        {PART_TEXT, tr("Good day,"), NULL},
        {PART_TEXT, arena_print(a, tr("%s invites you to %s."), *inviter ? inviter : s->title, s->title),
         NULL},
        {PART_BUTTON, tr("See the invitation"), invitation_url(h, s, a, &marked)},
        {PART_NOTE,
         tr("The page says what you join, and asks how you want to sign in. The link is good for 14 days, "
            "once."),
         NULL}};
    return house_send(h, s,
                      &(struct letter){.key = arena_print(a, "invitation:%s", hash),
                                       .to = email,
                                       .subject = arena_print(a, tr("You are invited to %s"), s->title),
                                       .parts = parts,
                                       .count = COUNT(parts),
                                       .pass = hash});
}

/* The token that the caller hands on, or one that stands for what a letter draws when it leaves. */
static void draw(struct token *wanted, char hash[65])
{
    struct token unseen;
    token_draw(wanted ? wanted : &unseen, hash);
}

static struct fault *check_count(struct house *h, const struct space_info *s, struct door *d)
{
    struct roster_invitation *all = NULL;
    size_t count = 0, own = 0;
    int64_t person = door_viewer(d)->person;
    TRY(roster_invitations(house_roster(h), door_arena(d), s->name, &all, &count));
    for (size_t i = 0; i < count; i++)
        own += all[i].inviter == person && all[i].until_us > now_us();
    if (person && own >= LIMIT_INVITATIONS)
        return fault(FAULT_LIMIT, "%d of your invitations are waiting: withdraw some first.",
                     LIMIT_INVITATIONS);
    return NULL;
}

struct fault *invitation_make(struct house *h, const struct space_info *s, struct door *d,
                              const struct invitation_wish *asked, struct token *token)
{
    struct invitation_wish w = *asked;
    char hash[65];
    w.email = slice_text(door_arena(d), slice_trim(slice_of(w.email)));
    TRY(check_wish(d, &w));
    TRY(check_count(h, s, d));
    draw(token, hash);
    const struct roster_invitation kept = {.id = new_id(),
                                           .organisation = w.organisation,
                                           .inviter = door_viewer(d)->person,
                                           .made_us = now_us(),
                                           .until_us = now_us() + LIMIT_INVITATION_AGE_S * SECOND_US,
                                           .email = w.email,
                                           .role = w.role,
                                           .title = w.title ? w.title : ""};
    TRY(roster_invitation_add(house_roster(h), hash, s->name, &kept));
    return token ? NULL : send_invitation(h, s, d, w.email, hash);
}

/* Names through this door: what its viewer may not see stays NULL. */
static struct fault *named(struct door *d, const struct roster_invitation *kept, struct invitation *out)
{
    const char **organisation = NULL, **inviter = NULL;
    TRY(door_names(d, &organisation_type, &kept->organisation, 1, &organisation));
    TRY(door_names(d, &person_type, &kept->inviter, 1, &inviter));
    *out = (struct invitation){.id = kept->id,
                               .organisation = kept->organisation,
                               .inviter = kept->inviter,
                               .made_us = kept->made_us,
                               .until_us = kept->until_us,
                               .email = kept->email,
                               .role = kept->role,
                               .title = kept->title,
                               .organisation_name = kept->organisation ? organisation[0] : NULL,
                               .inviter_name = kept->inviter ? inviter[0] : NULL,
                               .over = now_us() > kept->until_us};
    return NULL;
}

struct fault *invitations_of(struct house *h, const struct space_info *s, struct door *d,
                             struct invitation **out, size_t *count)
{
    struct roster_invitation *all = NULL;
    size_t kept = 0;
    TRY(roster_invitations(house_roster(h), door_arena(d), s->name, &all, &kept));
    *out = NEW(door_arena(d), struct invitation, kept + 1);
    *count = 0;
    for (size_t i = 0; i < kept; i++)
        if (may_invite(door_viewer(d), all[i].role, all[i].organisation))
            TRY(named(d, &all[i], &(*out)[(*count)++]));
    return NULL;
}

static struct fault *find_own(struct house *h, const struct space_info *s, struct door *d, int64_t id,
                              struct invitation *found)
{
    struct invitation *all = NULL;
    size_t count = 0;
    TRY(invitations_of(h, s, d, &all, &count));
    for (size_t i = 0; i < count; i++)
        if (all[i].id == id) {
            *found = all[i];
            return NULL;
        }
    return fault(FAULT_NOT_FOUND, "There is no such invitation.");
}

struct fault *invitation_again(struct house *h, const struct space_info *s, struct door *d, int64_t id,
                               struct token *token)
{
    struct invitation i;
    char hash[65];
    TRY(find_own(h, s, d, id, &i));
    draw(token, hash);
    TRY(roster_invitation_again(house_roster(h), s->name, id, hash,
                                now_us() + LIMIT_INVITATION_AGE_S * SECOND_US));
    return token ? NULL : send_invitation(h, s, d, i.email, hash);
}

struct fault *invitation_withdraw(struct house *h, const struct space_info *s, struct door *d, int64_t id)
{
    struct invitation i;
    bool ended = false;
    TRY(find_own(h, s, d, id, &i));
    return roster_invitation_end(house_roster(h), s->name, id, &ended);
}

/* --- being invited ---------------------------------------------------------------------------------- */

static struct fault *gone(void)
{
    return fault(FAULT_NOT_FOUND, "This invitation was accepted, withdrawn, or is more than 14 days old.");
}

/* Whoever invited could still do so: a role that was taken away takes its invitations with it. */
static struct fault *inviter_may_still(const struct space_info *s, struct arena *a,
                                       const struct roster_invitation *kept, bool *may)
{
    struct door *d = NULL;
    *may = !kept->inviter; /* the command line */
    if (*may)
        return NULL;
    TRY(door_open(s->space, a, kept->inviter, &d));
    *may = may_invite(door_viewer(d), kept->role, kept->organisation);
    return NULL;
}

static struct fault *find(struct house *h, const struct space_info *s, const char *token, struct arena *a,
                          struct roster_invitation *kept)
{
    char hash[65];
    bool may = false;
    token_hash(token, hash);
    TRY(roster_invitation_find(house_roster(h), a, hash, s->name, kept));
    if (!kept->id || now_us() > kept->until_us)
        return gone();
    TRY(inviter_may_still(s, a, kept, &may));
    return may ? NULL : gone();
}

struct fault *invitation_look(struct house *h, const struct space_info *s, const char *token, struct arena *a,
                              struct invitation *out, bool *known)
{
    struct roster_invitation kept;
    struct door *d = NULL;
    struct person p;
    TRY(find(h, s, token, a, &kept));
    TRY(person_with_email(s, a, kept.email, &p));
    *known = p.id != 0;
    TRY(door_open_program(s->space, a, &d)); /* the invitation itself shows its names */
    return named(d, &kept, out);
}

static struct fault *add_person(struct door *d, const struct roster_invitation *kept, const char *name,
                                int64_t *person)
{
    struct person p;
    record_clear(&person_type, &p);
    TRY(fault_in("name", value_parse(field_find(&person_type, "name"), door_arena(d), slice_of(name), &p)));
    p.email = kept->email;
    p.role = kept->role;
    p.title = *kept->title ? kept->title : NULL;
    p.language = language_code(language());
    p.active = FLAG_YES;
    TRY(door_save(d, person, &p, ALL_FIELDS));
    *person = p.id;
    return NULL;
}

static struct fault *add_mandate(struct door *d, const struct roster_invitation *kept, int64_t person)
{
    struct mandate m;
    struct door *own = NULL;
    if (!kept->organisation)
        return NULL;
    TRY(door_open(door_space(d), door_arena(d), person, &own));
    if (viewer_acts_for(door_viewer(own), kept->organisation)) /* already */
        return NULL;
    record_clear(&mandate_type, &m);
    m.person = person;
    m.organisation = kept->organisation;
    m.title = *kept->title ? kept->title : NULL;
    m.since = today();
    return door_save(d, mandate, &m, ALL_FIELDS);
}

/* In the open transaction; the journal says who invited. Of two who accept, one does. */
static struct fault *admit(struct house *h, const struct space_info *s, struct door *d,
                           const struct roster_invitation *kept, const char *name, int64_t *person)
{
    bool ended = false;
    if (!*person)
        TRY(add_person(d, kept, name, person));
    TRY(add_mandate(d, kept, *person));
    TRY(roster_invitation_end(house_roster(h), s->name, kept->id, &ended));
    return ended ? NULL : gone();
}

struct fault *invitation_accept(struct house *h, const struct space_info *s, const char *token,
                                const char *name, const char *password, const struct caller *caller,
                                struct entry *entry)
{
    ARENA_SCOPE(work);
    struct roster_invitation kept;
    struct door *d = NULL;
    struct person p;
    bool may = true;
    *entry = (struct entry){0};
    TRY(find(h, s, token, work, &kept));
    TRY(person_with_email(s, work, kept.email, &p));
    int64_t person = p.id;
    bool known = person != 0;
    if (known)
        TRY(may_enter(s, person, &may, NULL));
    if (!may)
        return fault(FAULT_DENIED, "The account with this e-mail is closed: ask the facilitators.");
    if (!known && *password)
        TRY(password_check(work, name, kept.email, password));
    struct viewer inviter = {.program = true, .person = kept.inviter, .roles = ROLES_ANYONE};
    TRY(door_open_class(s->space, work, work, inviter, &d));
    TRY(door_begin(d));
    TRY(admit(h, s, d, &kept, name, &person));
    TRY(door_commit(d));
    if (known)
        return NULL;
    if (*password)
        TRY(accounts_set_password(h, s, person, password));
    return passed_first(h, s, person, WAY_INVITATION, caller, entry);
}
