/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* account_api.c - who asks, with which tokens; and the dictionary of what is kept. */
#include <inttypes.h>

#include "accounts/api_tokens.h"
#include "api/operation.h"
#include "i18n/i18n.h"
#include "records/choices.h"

/* Who asks. */

struct me {
    int64_t person;
    const char *name, *space;
    const char **roles, **scopes, **organisations;
    size_t role_count, scope_count, organisation_count;
};
static const struct member me_members[] = {
    MEMBER(ID, me, person, NULL),
    MEMBER(TEXT, me, name, NULL),
    MEMBER(TEXTS, me, roles, NULL, COUNTED(me, role_count)),
    MEMBER(TEXTS, me, organisations, N_("Those with a mandate today."), COUNTED(me, organisation_count)),
    MEMBER(TEXTS, me, scopes, N_("Of this token."), COUNTED(me, scope_count)),
    MEMBER(TEXT, me, space, N_("The name of the space for people."))};
static const struct shape me_shape = SHAPE("me", me, me_members);

static const char **codes_of(struct arena *a, const struct choice *choices, int bits, size_t *count)
{
    const char **codes = NEW(a, const char *, 32);
    for (int i = 0; choices[i].code && i < 31; i++)
        if (bits >> i & 1)
            codes[(*count)++] = choices[i].code;
    return codes;
}

static struct fault *me_show(struct request *r, struct response *answer)
{
    const struct viewer *v = door_viewer(door_of(r));
    struct me me = {.person = v->person,
                    .name = door_person_name(door_of(r)),
                    .space = space_of(r)->title,
                    .organisation_count = v->count};
    me.roles = NEW(r->arena, const char *, 32);
    for (const struct choice *c = person_roles; c->code; c++)
        if (v->roles & (int)role_of_code(c->code))
            me.roles[me.role_count++] = c->code;
    me.scopes = codes_of(r->arena, api_scopes, r->visitor.scopes, &me.scope_count);
    me.organisations = NEW(r->arena, const char *, v->count + 1);
    for (size_t i = 0; i < v->count; i++)
        me.organisations[i] = arena_print(r->arena, "%" PRId64, v->organisations[i]);
    shape_answer(r, answer, &me_shape, &me);
    return NULL;
}

/* Tokens. */

struct token_told {
    int64_t id, created_us, seen_us;
    const char *name, *prefix;
    const char **scopes;
    size_t scope_count;
};
static const struct member token_members[] = {
    MEMBER(ID, token_told, id, NULL),
    MEMBER(TEXT, token_told, name, NULL),
    MEMBER(TEXT, token_told, prefix, N_("Its beginning, by which people know it again.")),
    MEMBER(TEXTS, token_told, scopes, NULL, COUNTED(token_told, scope_count)),
    MEMBER_AS("created", INSTANT, token_told, created_us, NULL),
    MEMBER_AS("seen", INSTANT, token_told, seen_us, N_("When it was last used."), .maybe = true)};
static const struct shape token_shape = SHAPE("token", token_told, token_members);
struct tokens_told {
    struct token_told *items;
    size_t count;
};
static const struct member tokens_members[] = {
    MEMBER(LIST, tokens_told, items, N_("Newest first."), .of = &token_shape, COUNTED(tokens_told, count))};
static const struct shape tokens_shape = SHAPE("tokens", tokens_told, tokens_members);

static struct fault *tokens_list(struct request *r, struct response *answer)
{
    struct api_token *tokens = NULL;
    struct tokens_told told = {0};
    TRY(api_tokens_of(house_of(r), space_of(r), door_viewer(door_of(r))->person, r->arena, &tokens,
                      &told.count));
    told.items = NEW(r->arena, struct token_told, told.count + 1);
    for (size_t i = 0; i < told.count; i++) {
        const struct api_token *t = &tokens[i];
        struct token_told *to = &told.items[i];
        *to = (struct token_told){.id = t->id,
                                  .created_us = t->created_us,
                                  .seen_us = t->seen_us,
                                  .name = t->name,
                                  .prefix = t->prefix};
        to->scopes = codes_of(r->arena, api_scopes, t->scopes, &to->scope_count);
    }
    shape_answer(r, answer, &tokens_shape, &told);
    return NULL;
}

static struct fault *token_end(struct request *r, struct response *answer)
{
    TRY(api_token_revoke(house_of(r), space_of(r), door_viewer(door_of(r))->person, request_id(r, "id")));
    answer->status = 204;
    return NULL;
}

/* The dictionary. */

static const char *const level_names[] = {"record", "public",       "space",   "noncompeting",
                                          "grappe", "confidential", "private", NULL};
static const struct member choice_members[] = {MEMBER(TEXT, choice, code, NULL),
                                               MEMBER(LABEL, choice, label, NULL)};
static const struct shape choice_shape = SHAPE("choice", choice, choice_members);
struct field_told {
    const char *kind;
    size_t choice_count;
    const struct choice *choices;
    const char *label, *help, *purpose, *name, *to;
    int level;
    bool required, unique, personal;
};
static const struct member field_members[] = {
    MEMBER(TEXT, field_told, name, NULL),
    MEMBER(TEXT, field_told, kind, NULL),
    MEMBER(LABEL, field_told, label, NULL),
    MEMBER(LABEL, field_told, help, NULL, .maybe = true),
    MEMBER(LABEL, field_told, purpose, N_("Why it is asked."), .maybe = true),
    MEMBER(FLAG, field_told, required, NULL),
    MEMBER(FLAG, field_told, unique, NULL),
    MEMBER(FLAG, field_told, personal, N_("About a person.")),
    MEMBER_AS("visibility", NAME, field_told, level,
              N_("Who may see it; \"record\": whoever sees the record."), .names = level_names),
    MEMBER(TEXT, field_told, to, N_("The type referred to, or the facets of its terms."), .maybe = true),
    MEMBER(LIST, field_told, choices, NULL, .of = &choice_shape, COUNTED(field_told, choice_count))};
static const struct shape field_shape = SHAPE("dictionary_field", field_told, field_members);
struct type_told {
    const char *name, *title, *plural, *purpose, *owner, *basis;
    int kept_months;
    struct field_told *fields;
    size_t count;
};
static const struct member type_members[] = {
    MEMBER(TEXT, type_told, name, NULL),
    MEMBER(LABEL, type_told, title, NULL),
    MEMBER(LABEL, type_told, plural, NULL),
    MEMBER(LABEL, type_told, purpose, NULL, .maybe = true),
    MEMBER(TEXT, type_told, owner, N_("The field that names its organisation."), .maybe = true),
    MEMBER(LABEL, type_told, basis, N_("What allows to keep its personal data."), .maybe = true),
    MEMBER(NUMBER, type_told, kept_months, N_("After it last served; 0: as long as the space.")),
    MEMBER(LIST, type_told, fields, NULL, .of = &field_shape, COUNTED(type_told, count))};
static const struct shape type_shape = SHAPE("dictionary_type", type_told, type_members);
struct dictionary {
    struct type_told *items;
    size_t count;
};
static const struct member dictionary_members[] = {
    MEMBER(LIST, dictionary, items, NULL, .of = &type_shape, COUNTED(dictionary, count))};
static const struct shape dictionary_shape = SHAPE("dictionary", dictionary, dictionary_members);

static struct field_told field_of(const struct field *f)
{
    struct field_told told = {.name = f->name,
                              .kind = kind_name(f->kind),
                              .label = f->label,
                              .help = f->help,
                              .purpose = f->purpose,
                              .to = f->to,
                              .level = (int)f->visibility,
                              .required = f->required,
                              .unique = f->unique,
                              .personal = f->personal,
                              .choices = f->choices};
    while (f->choices && f->choices[told.choice_count].code)
        told.choice_count++;
    return told;
}

static struct fault *dictionary_show(struct request *r, struct response *answer)
{
    struct dictionary told = {.count = (size_t)record_type_count};
    told.items = NEW(r->arena, struct type_told, told.count);
    for (size_t i = 0; i < told.count; i++) {
        const struct record_type *t = all_record_types[i];
        told.items[i] = (struct type_told){.name = t->name,
                                           .title = t->title,
                                           .plural = t->plural,
                                           .purpose = t->purpose,
                                           .owner = t->owner,
                                           .basis = t->basis,
                                           .kept_months = t->retention_months,
                                           .count = (size_t)t->count};
        told.items[i].fields = NEW(r->arena, struct field_told, told.items[i].count);
        for (int k = 0; k < t->count; k++)
            told.items[i].fields[k] = field_of(&t->fields[k]);
    }
    shape_answer(r, answer, &dictionary_shape, &told);
    return NULL;
}

static const struct api_operation who = {.name = "me", .answers = &me_shape},
                                  tokens = {.name = "list_tokens", .answers = &tokens_shape},
                                  revoke = {.name = "revoke_token"},
                                  dictionary = {.name = "dictionary", .answers = &dictionary_shape};

const struct route account_api_routes[] = {
    {"GET", API_ROOT "/me", me_show, .right = ROLES_SIGNED_IN, .quick = true, .api = &who,
     .summary = N_("Who asks")},
    {"GET", API_ROOT "/tokens", tokens_list, .right = ROLES_SIGNED_IN, .scopes = SCOPE_ACCOUNT,
     .api = &tokens, .summary = N_("Tokens for programs")},
    {"DELETE", API_ROOT "/tokens/{id}", token_end, .right = ROLES_SIGNED_IN, .scopes = SCOPE_ACCOUNT,
     .writes = true, .api = &revoke, .summary = N_("Revoke a token")},
    {"GET", API_ROOT "/dictionary", dictionary_show, .right = ROLES_ANYONE, .api = &dictionary,
     .summary = N_("What is kept, and who sees it")},
};
const size_t account_api_route_count = COUNT(account_api_routes);
