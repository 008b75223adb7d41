/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* person.c - `grappe person`: who is in a space, and somebody new with role, mandate and password, or
 * invited. */
#include <stdio.h>
#include <string.h>

#include "accounts/invitations.h"
#include "clock/clock.h"
#include "command.h"
#include "house_space.h"
#include "options.h"
#include "records/checks.h"
#include "text/fold.h"

struct wishes {
    const char *act, *folder, *space, *name, *email, *role, *title, *organisation, *language, *url;
    bool password;
};

static struct fault *check_needed(const struct wishes *w)
{
    const struct {
        const char *act, *option, *given;
    } needed[] = {{"add", "--name", w->name},
                  {"add", "--role", w->role},
                  {"invite", "--email", w->email},
                  {"invite", "--role", w->role}};
    for (size_t i = 0; i < COUNT(needed); i++)
        if (strcmp(needed[i].act, w->act) == 0 && !needed[i].given)
            return missing_fault(needed[i].option);
    return w->url ? check_url(w->url) : NULL;
}

static struct fault *read_wishes(int argc, char **argv, struct wishes *w)
{
    static const char *const acts[] = {"add", "invite", "list"};
    bool known = false;
    *w = (struct wishes){.act = argc > 1 ? argv[1] : ""};
    for (size_t i = 0; i < COUNT(acts); i++)
        known |= strcmp(w->act, acts[i]) == 0;
    if (!known)
        return usage_fault(*w->act ? w->act : tr("add, invite or list is missing"));
    const struct command_option options[] = {{"space", .text = &w->space},
                                             {"name", .text = &w->name},
                                             {"email", .text = &w->email},
                                             {"role", .text = &w->role},
                                             {"title", .text = &w->title},
                                             {"organisation", .text = &w->organisation},
                                             {"language", .text = &w->language},
                                             {"password-stdin", .flag = &w->password},
                                             {"url", .text = &w->url}};
    TRY(options_read(argc - 1, argv + 1, options, COUNT(options),
                     (struct operand){&w->folder, tr("no folder")}));
    return check_needed(w);
}

/* By SIREN, or by the whole name, whatever its accents and capitals. */
static struct fault *find_organisation(struct door *d, const char *wanted, int64_t *id)
{
    struct arena *a = door_arena(d);
    bool siren = strlen(wanted) == 9 && strspn(wanted, "0123456789") == 9;
    struct list_filter by = {siren ? "siren" : "name", wanted};
    struct list_request request = {.type = &organisation_type,
                                   .filters = &by,
                                   .filter_count = 1,
                                   .page = 1,
                                   .per_page = LIMIT_LIST_ROWS};
    struct list_page page = {0};
    TRY(door_list(d, &request, &page));
    const struct organisation *found = page.records;
    size_t fitting = 0;
    for (size_t i = 0; i < page.count; i++)
        if (siren || strcmp(fold_text(a, found[i].name), fold_text(a, wanted)) == 0) {
            *id = found[i].id;
            fitting++;
        }
    if (fitting == 1)
        return NULL;
    return fault_in("organisation",
                    fitting
                        ? fault(FAULT_INVALID, "Several organisations are named %s: give the SIREN.", wanted)
                        : fault(FAULT_NOT_FOUND, "No organisation is named %s.", wanted));
}

static struct fault *parse_into(const struct record_type *type, const char *field, struct arena *a,
                                const char *typed, void *record)
{
    return typed ? value_parse(field_find(type, field), a, slice_of(typed), record) : NULL;
}

/* Person and mandate, in the open transaction. */
static struct fault *save_person(struct door *d, const struct wishes *w, struct person *p, struct mandate *m)
{
    struct arena *a = door_arena(d);
    record_clear(&person_type, p);
    record_clear(&mandate_type, m);
    TRY(parse_into(&person_type, "name", a, w->name, p));
    TRY(parse_into(&person_type, "email", a, w->email, p));
    TRY(parse_into(&person_type, "role", a, w->role, p));
    TRY(parse_into(&person_type, "title", a, w->title, p));
    TRY(parse_into(&person_type, "language", a, w->language ? w->language : language_code(language()), p));
    p->active = FLAG_YES;
    TRY(door_save(d, person, p, ALL_FIELDS));
    if (!w->organisation)
        return NULL;
    m->person = p->id;
    m->title = p->title;
    m->since = today();
    TRY(find_organisation(d, w->organisation, &m->organisation));
    return door_save(d, mandate, m, ALL_FIELDS);
}

/* The first line of standard input, without its end. */
static struct fault *read_password(char *out, size_t size)
{
    if (!fgets(out, (int)size, stdin))
        return fault_in("password", fault(FAULT_INVALID, "No password came on standard input."));
    out[strcspn(out, "\r\n")] = '\0';
    return NULL;
}

/* Takes back a person whose password was refused: nobody is left half made. */
static struct fault *take_back(struct door *d, const struct person *p, const struct mandate *m,
                               const struct fault *why)
{
    struct fault kept = *why;
    TRY(door_begin(d));
    if (m->id)
        TRY(door_delete(d, &mandate_type, m->id, m->version));
    TRY(door_delete(d, &person_type, p->id, p->version));
    TRY(door_commit(d));
    return fault_again(&kept);
}

static struct fault *add_person(struct arena *work, struct house *house, const struct space_info *space,
                                const struct wishes *w)
{
    char password[LIMIT_PASSWORD_MAX + 3] = "";
    struct door *d = NULL;
    struct person p;
    struct mandate m;
    if (w->password && !w->email)
        return usage_fault("--password-stdin, --email");
    if (w->password)
        TRY(read_password(password, sizeof password));
    TRY(door_open_program(space->space, work, &d));
    TRY(door_begin(d));
    TRY(save_person(d, w, &p, &m));
    TRY(door_commit(d));
    struct fault *refused = w->password ? accounts_set_password(house, space, p.id, password) : NULL;
    explicit_bzero(password, sizeof password);
    if (refused)
        return take_back(d, &p, &m, refused);
    (void)printf(w->password ? tr("%s may sign in to %s.\n") : tr("%s is in %s, without a password.\n"),
                 p.name, space->title);
    return NULL;
}

/* The link is printed for whoever asked to hand it on. */
static struct fault *invite_person(struct arena *work, struct house *house, const struct space_info *space,
                                   const struct wishes *w)
{
    struct door *d = NULL;
    struct token token;
    struct invitation_wish wish = {.email = w->email, .role = w->role, .title = w->title};
    TRY(door_open_program(space->space, work, &d));
    if (w->organisation)
        TRY(find_organisation(d, w->organisation, &wish.organisation));
    house_set_url(house, w->url);
    TRY(invitation_make(house, space, d, &wish, &token));
    (void)printf("%s\n", invitation_url(house, space, work, &token));
    explicit_bzero(token.text, sizeof token.text);
    return NULL;
}

static struct fault *list_page_of_people(struct door *d, int64_t number, struct list_page *page)
{
    struct list_request request = {
        .type = &person_type, .sort = "name", .page = number, .per_page = LIMIT_LIST_ROWS};
    TRY(door_list(d, &request, page));
    const struct person *people = page->records;
    for (size_t i = 0; i < page->count; i++)
        (void)printf("%s\t%s\t%s\t%s\n", people[i].name, people[i].role,
                     people[i].email ? people[i].email : "", people[i].title ? people[i].title : "");
    return NULL;
}

/* Tab-separated, so that other programs can read it. */
static struct fault *list_people(const struct space_info *space)
{
    struct list_page page = {0};
    for (int64_t number = 1; number == 1 || (number - 1) * page.per_page < page.total; number++) {
        ARENA_SCOPE(work);
        struct door *d = NULL;
        TRY(door_open_program(space->space, work, &d));
        TRY(list_page_of_people(d, number, &page));
    }
    return NULL;
}

static struct fault *run_person(struct arena *work, int argc, char **argv)
{
    struct wishes w;
    struct house *house = NULL;
    const struct space_info *space = NULL;
    TRY(read_wishes(argc, argv, &w));
    TRY(house_space_open(work, w.folder, w.space, &house, &space));
    return *w.act == 'a'   ? add_person(work, house, space, &w)
           : *w.act == 'i' ? invite_person(work, house, space, &w)
                           : list_people(space);
}

const struct command person_command = {
    .name = "person",
    .summary = N_("Who is in a space; add or invite somebody who may sign in"),
    .help =
        N_("Usage: grappe person add DIR [--space NAME] --name NAME --role ROLE [--email ADDRESS]\n"
           "                         [--title POSITION] [--organisation NAME|SIREN] [--language fr|en]\n"
           "                         [--password-stdin]\n"
           "       grappe person invite DIR [--space NAME] --email ADDRESS --role ROLE\n"
           "                         [--title POSITION] [--organisation NAME|SIREN] [--url URL]\n"
           "       grappe person list DIR [--space NAME]\n\n"
           "  --role            facilitator, member, funder, planner or operator\n"
           "  --organisation    the person may act for it from today\n"
           "  --password-stdin  reads the password from standard input, so that no history keeps it\n"
           "  --url             how people reach the server, as for grappe serve\n\n"
           "invite prints a link, good once, for 14 days: its page asks the person's name and how they want\n"
           "to sign in, and only then are they in the space.\n"
           "The list is tab-separated: name, role, e-mail, position.\n\n"
           "Example: grappe person add spaces --name \"Anne Exemple\" --email anne@example.org \\\n"
           "           --role facilitator --password-stdin < password.txt"),
    .run = run_person,
};
