/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "accounts/accounts.h"

#include <string.h>

#include "accounts/internal.h"
#include "arena/arena.h"
#include "roster/roster.h"
#include "text/fold.h"

struct fault *accounts_sign_in(struct house *h, const struct space_info *s, const char *email,
                               const char *password, struct caller *caller, struct entry *entry)
{
    ARENA_SCOPE(work);
    const char *folded = fold_text(work, email), *hash = NULL;
    int64_t person = 0;
    bool good = false, may = false;
    *entry = (struct entry){0};
    if (strlen(folded) > EMAIL_MOST) /* nobody's: not kept as a key either */
        folded = "";
    if (utf8_length(slice_of(password)) > LIMIT_PASSWORD_MAX)
        password = "";
    TRY(attempts_check(h, s, ATTEMPT_PASSWORD, folded, caller));
    TRY(roster_login_find(house_roster(h), work, s->name, folded, &person, &hash));
    TRY(verify_password(hash, password, &good));
    if (good)
        TRY(may_enter(s, person, &may, NULL));
    if (!may) {
        TRY(attempts_count(h, s, ATTEMPT_PASSWORD, folded, caller));
        return fault(FAULT_DENIED, "This e-mail and this password do not go together.");
    }
    TRY(attempts_forget(h, s, ATTEMPT_PASSWORD, folded, caller));
    return passed_first(h, s, person, WAY_PASSWORD, caller, entry);
}

struct fault *accounts_email(const struct space_info *s, int64_t person, struct arena *a, const char **email)
{
    struct door *d = NULL;
    struct person p;
    TRY(door_open_program(s->space, a, &d));
    TRY(door_load(d, person, person, &p, NULL));
    *email = p.email;
    return NULL;
}

const char *email_hinted(struct arena *a, const char *email)
{
    const char *at = email ? strchr(email, '@') : NULL;
    return at ? arena_print(a, "%.1s…%s", email, at) : NULL;
}

struct fault *accounts_set_language(const struct space_info *s, int64_t person, enum language spoken)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct person p;
    struct viewer self = {.program = true, .person = person, .roles = ROLES_ANYONE};
    TRY(door_open_class(s->space, work, work, self, &d));
    TRY(door_load(d, person, person, &p, NULL));
    if (p.language && strcmp(p.language, language_code(spoken)) == 0)
        return NULL;
    p.language = language_code(spoken);
    return door_save(d, person, &p, ALL_FIELDS);
}

bool address_is_loopback(const char *address)
{
    return address && (strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
                       strncmp(address, "::ffff:127.", 11) == 0);
}

static bool is_persona(const struct person *p)
{
    static const char domain[] = "@demo.example";
    size_t length = p->email ? strlen(p->email) : 0;
    return length > strlen(domain) && strcmp(p->email + length - strlen(domain), domain) == 0;
}

struct fault *accounts_sign_in_persona(struct house *h, const struct space_info *s, int64_t person,
                                       const struct caller *caller, struct token *token)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct person p;
    bool may = false;
    if (!s->demo || !address_is_loopback(caller->address))
        return fault(FAULT_DENIED, "Only a demo on this very machine can be entered without a password.");
    TRY(door_open_program(s->space, work, &d));
    TRY(door_load(d, person, person, &p, NULL));
    TRY(may_enter(s, person, &may, NULL));
    if (!may || !is_persona(&p))
        return fault(FAULT_DENIED, "Only a demo on this very machine can be entered without a password.");
    return open_session(h, s, person, WAY_PERSONA, 2, caller, token); /* a demo asks for no second step */
}

/* The name of the first organisation the person acts for. */
static struct fault *organisation_of(struct door *d, int64_t person, const char **name)
{
    struct list_page page;
    const char **names = NULL;
    TRY(door_list_of(d, &mandate_type, "person", person, &page));
    *name = NULL;
    if (!page.count)
        return NULL;
    TRY(door_names(d, &organisation_type, &((struct mandate *)page.records)->organisation, 1, &names));
    *name = names[0];
    return NULL;
}

struct fault *accounts_personas(const struct space_info *s, struct arena *a, struct persona **out,
                                size_t *count)
{
    struct door *d = NULL;
    struct list_filter demo = {"email", "@demo.example"};
    struct list_request asked = {
        .type = &person_type, .filters = &demo, .filter_count = 1, .per_page = LIMIT_LIST_ROWS};
    struct list_page page;
    TRY(door_open_program(s->space, a, &d));
    TRY(door_list(d, &asked, &page));
    const struct person *people = page.records;
    struct persona *personas = NEW(a, struct persona, page.count + 1);
    *count = 0;
    for (size_t i = 0; i < page.count; i++)
        if (is_persona(&people[i]) && people[i].active != FLAG_NO) {
            struct persona *p = &personas[(*count)++];
            *p = (struct persona){.person = people[i].id, .name = people[i].name, .title = people[i].title};
            TRY(organisation_of(d, people[i].id, &p->organisation));
        }
    *out = personas;
    return NULL;
}
