/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* token.c - `grappe token`: tokens with which programs ask the API in the name of a person. */
#include <stdio.h>
#include <string.h>

#include "accounts/api_tokens.h"
#include "clock/clock.h"
#include "command.h"
#include "house_space.h"
#include "i18n/i18n.h"
#include "options.h"
#include "text/fold.h"

struct wishes {
    const char *act, *folder, *space, *person, *name, *scopes, *prefix;
};

static struct fault *read_wishes(int argc, char **argv, struct wishes *w)
{
    static const char *const acts[] = {"add", "list", "revoke"};
    *w = (struct wishes){.act = argc > 1 ? argv[1] : "", .scopes = "read"};
    bool known = false;
    for (size_t i = 0; i < COUNT(acts); i++)
        known |= strcmp(w->act, acts[i]) == 0;
    if (!known)
        return usage_fault(*w->act ? w->act : tr("add, list or revoke is missing"));
    const struct command_option options[] = {{"space", .text = &w->space},
                                             {"person", .text = &w->person},
                                             {"name", .text = &w->name},
                                             {"scopes", .text = &w->scopes},
                                             {"prefix", .text = &w->prefix}};
    TRY(options_read(argc - 1, argv + 1, options, COUNT(options),
                     (struct operand){&w->folder, tr("no folder")}));
    if (strcmp(w->act, "add") == 0 && (!w->person || !w->name))
        return missing_fault(w->person ? "--name" : "--person");
    return strcmp(w->act, "revoke") == 0 && !w->prefix ? missing_fault("--prefix") : NULL;
}

static struct fault *person_with(struct arena *work, const struct space_info *space, const char *email,
                                 int64_t *person)
{
    struct door *d = NULL;
    struct list_filter by = {"email", email};
    struct list_request asked = {
        .type = &person_type, .filters = &by, .filter_count = 1, .per_page = LIMIT_LIST_ROWS};
    struct list_page page;
    TRY(door_open_program(space->space, work, &d));
    TRY(door_list(d, &asked, &page));
    const struct person *people = page.records;
    for (size_t i = 0; i < page.count; i++)
        if (strcmp(fold_text(work, people[i].email), fold_text(work, email)) == 0) {
            *person = people[i].id;
            return NULL;
        }
    return fault_in("person", fault(FAULT_NOT_FOUND, "Nobody has the e-mail %s.", email));
}

static struct fault *add_token(struct arena *work, struct house *house, const struct space_info *space,
                               const struct wishes *w)
{
    char text[API_TOKEN_TEXT + 1];
    int64_t person = 0;
    int scopes = 0;
    TRY(api_scopes_read(w->scopes, &scopes));
    TRY(person_with(work, space, w->person, &person));
    TRY(api_token_make(house, space, person, w->name, scopes, text));
    (void)printf("%s\n", text);
    explicit_bzero(text, sizeof text);
    return NULL;
}

/* Tab-separated, so that other programs can read it. */
static struct fault *list_tokens(struct arena *work, struct house *house, const struct space_info *space)
{
    struct api_token *tokens = NULL;
    size_t count = 0;
    struct door *d = NULL;
    TRY(api_tokens_of(house, space, 0, work, &tokens, &count));
    TRY(door_open_program(space->space, work, &d));
    for (size_t i = 0; i < count; i++) {
        const char **names = NULL;
        TRY(door_names(d, &person_type, &tokens[i].person, 1, &names));
        (void)printf("%s\t%s\t%s\t%s\t%s\n", tokens[i].prefix, names[0] ? names[0] : "", tokens[i].name,
                     api_scopes_shown(work, tokens[i].scopes),
                     tokens[i].seen_us ? instant_print(work, tokens[i].seen_us) : "");
    }
    return NULL;
}

static struct fault *revoke_token(struct arena *work, struct house *house, const struct space_info *space,
                                  const struct wishes *w)
{
    struct api_token *tokens = NULL;
    size_t count = 0, fitting = 0, found = 0;
    TRY(api_tokens_of(house, space, 0, work, &tokens, &count));
    for (size_t i = 0; i < count; i++)
        if (strcmp(tokens[i].prefix, w->prefix) == 0) {
            found = i;
            fitting++;
        }
    if (fitting != 1)
        return fault_in("prefix", fault(FAULT_NOT_FOUND, "No token, or several, begin with %s.", w->prefix));
    TRY(api_token_revoke(house, space, 0, tokens[found].id));
    (void)printf(tr("The token %s… opens nothing any more.\n"), w->prefix);
    return NULL;
}

static struct fault *run_token(struct arena *work, int argc, char **argv)
{
    struct wishes w;
    struct house *house = NULL;
    const struct space_info *space = NULL;
    TRY(read_wishes(argc, argv, &w));
    TRY(house_space_open(work, w.folder, w.space, &house, &space));
    return *w.act == 'a'   ? add_token(work, house, space, &w)
           : *w.act == 'l' ? list_tokens(work, house, space)
                           : revoke_token(work, house, space, &w);
}

const struct command token_command = {
    .name = "token",
    .summary = N_("Tokens with which programs ask the API"),
    .help =
        N_("Usage: grappe token add DIR [--space NAME] --person ADDRESS --name TEXT [--scopes read,write]\n"
           "       grappe token list DIR [--space NAME]\n"
           "       grappe token revoke DIR [--space NAME] --prefix PREFIX\n\n"
           "  --person    the e-mail of whom the program asks for: it may do what they may\n"
           "  --name      what the token is for\n"
           "  --scopes    read (the usual), write, account (sessions and tokens), people (who has access)\n"
           "  --prefix    how the token begins, as the list has it\n\n"
           "The token is printed once and kept nowhere. The list is tab-separated: prefix, person, what\n"
           "for, scopes, last used.\n\n"
           "Example: grappe token add spaces --person anne@example.org --name \"Export of the directory\""),
    .run = run_token,
};
