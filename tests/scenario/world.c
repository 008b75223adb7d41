/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "scenario/world.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts/api_tokens.h"
#include "accounts/internal.h"
#include "clock/clock.h"
#include "contents/contents.h"
#include "door/internal.h"
#include "folder.h"
#include "house/house.h"
#include "i18n/i18n.h"
#include "log/log.h"
#include "records/choices.h"
#include "roster/api_tokens.h"
#include "roster/sessions.h"
#include "under_test.h"

/* Organisations are of the first five. */
static const char *const levels[] = {"public", "space", "grappe", "confidential", "private", "noncompeting"};
enum { ALL_LEVELS = COUNT(levels), LEVELS = ALL_LEVELS - 1, ORGANISATIONS_A_LEVEL = 3, TERMS_A_FACET = 5 };

/* --- canaries -------------------------------------------------------------------------------------- */

static uint64_t mixed(uint64_t n)
{
    n = (n + UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xBF58476D1CE4E5B9);
    n = (n ^ (n >> 29)) * UINT64_C(0x94D049BB133111EB);
    return n ^ (n >> 32);
}

/* No vowel and no s or x: no stem is shorter than the word, and none is one letter from another. */
static const char letters[] = "bcdfghjklmnpqrtvwz";

static const char *new_canary(struct world *w, size_t thing, int field)
{
    struct canary *c = PUSH(w->arena, w->canaries, w->canary_count, w->canary_capacity);
    uint64_t bits = mixed(w->canary_count);
    *c = (struct canary){.word = "yq", .thing = thing, .field = field};
    for (int i = 2; i < CANARY_LENGTH; i++, bits /= sizeof letters - 1)
        c->word[i] = letters[bits % (sizeof letters - 1)];
    return arena_print(w->arena, "%s", c->word);
}

static int by_word(const void *a, const void *b)
{
    return memcmp(((const struct canary *)a)->word, ((const struct canary *)b)->word, CANARY_LENGTH);
}

const struct canary *world_canary(const struct world *w, const char *at)
{
    struct canary key = {0};
    if ((at[0] != 'y' && at[0] != 'Y') || (at[1] != 'q' && at[1] != 'Q'))
        return NULL;
    for (int i = 0; i < CANARY_LENGTH && at[i]; i++)
        key.word[i] = (char)(at[i] | 0x20);
    return bsearch(&key, w->canaries, w->canary_count, sizeof key, by_word);
}

const char *world_word(const struct world *w, size_t thing, int field)
{
    for (size_t i = 0; i < w->canary_count; i++)
        if (w->canaries[i].thing == thing && w->canaries[i].field == field)
            return w->canaries[i].word;
    return NULL;
}

const struct thing *world_thing(const struct world *w, int64_t id)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->things[i].id == id)
            return &w->things[i];
    return NULL;
}

/* --- records --------------------------------------------------------------------------------------- */

static const char *text_for(struct world *w, size_t thing, const struct record_type *type, int field)
{
    const char *name = type->fields[field].name;
    if (strcmp(name, "rings") == 0 || strcmp(name, "country") == 0)
        return NULL; /* these are parsed wherever they are read */
    const char *word = new_canary(w, thing, field);
    if (strcmp(name, "email") == 0)
        return arena_print(w->arena, "%s@example.org", word);
    if (strcmp(name, "file_name") == 0)
        return arena_print(w->arena, "%s.txt", word);
    return strcmp(name, "website") == 0 ? arena_print(w->arena, "https://%s.example/", word) : word;
}

/* A number of its own for each field of each record, where the bounds leave room for one. */
static int64_t number_for(const struct field *f, uint64_t salt)
{
    int64_t lo = f->min < f->max ? f->min : 0, hi = f->min < f->max ? f->max : 9000000;
    int64_t most = hi - lo < 9000000 ? hi - lo : 9000000;
    return lo + (int64_t)(mixed(salt) % (uint64_t)(most + 1));
}

/* Two terms of the facets the field takes. */
static struct term_list terms_for(struct world *w, const struct field *f, uint64_t salt)
{
    struct term_list chosen = {.ids = NEW(w->arena, int64_t, 2)};
    const struct thing *fit[64];
    size_t count = 0;
    for (size_t i = 0; i < w->count && count < COUNT(fit); i++) {
        const struct term *t = w->things[i].record;
        if (w->things[i].type == &term_type && (!f->to || strstr(f->to, t->facet)))
            fit[count++] = &w->things[i];
    }
    for (size_t k = 0; k < 2 && count; k++) {
        int64_t id = fit[mixed(salt + k) % count]->id;
        if (!chosen.count || chosen.ids[0] != id)
            chosen.ids[chosen.count++] = id;
    }
    return chosen;
}

/* Days that end or close something stay unknown: what is over leaves most pages. */
static bool ends_something(const char *name)
{
    static const char *const names[] = {"closed", "retired", "undone", "since", "until"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void fill_field(struct world *w, size_t thing, const struct record_type *type, int i, void *record)
{
    const struct field *f = &type->fields[i];
    uint64_t salt = thing * 131 + (uint64_t)i;
    void *at = field_at(f, record);
    switch (f->kind) {
    case KIND_text:
    case KIND_longtext:
        *(const char **)at = text_for(w, thing, type, i);
        break;
    case KIND_integer:
    case KIND_measure:
        *(int64_t *)at = number_for(f, salt);
        break;
    case KIND_real:
        *(double *)at = strcmp(f->name, "lat") == 0 ? 46.5 + (double)(mixed(salt) % 9999) / 9999
                                                    : 6.0 + (double)(mixed(salt) % 9999) / 9999;
        break;
    case KIND_interval: {
        int64_t one = number_for(f, salt);
        *(struct interval *)at = (struct interval){one, one + 1 + (int64_t)(mixed(salt + 1) % 90000)};
        break;
    }
    case KIND_flag:
        *(enum flag *)at = strcmp(f->name, "held") == 0 || mixed(salt) % 2 ? FLAG_YES : FLAG_NO;
        break;
    case KIND_date:
        if (f->required)
            *(int64_t *)at = today() - 1 - (int64_t)(mixed(salt) % 5000);
        else if (!ends_something(f->name))
            *(int64_t *)at = today() + 1 + (int64_t)(mixed(salt) % 5000);
        break;
    case KIND_choice: {
        int count = 0;
        while (f->choices[count].code)
            count++;
        *(const char **)at = f->choices[mixed(salt) % (uint64_t)count].code;
        break;
    }
    case KIND_terms:
        *(struct term_list *)at = terms_for(w, f, salt);
        break;
    case KIND_ref: /* whoever makes the record says so */
        break;
    }
}

/* On a record of one type that it may hang on, then of the next, and of that type on one after the other. */
static void hang(struct world *w, const struct record_type *type)
{
    struct thing *t = &w->things[w->count - 1];
    const struct field *ways[16], *by;
    size_t count = 0, met = 0;
    for (int i = 0; i < type->count; i++)
        if (type->fields[i].within)
            ways[count++] = &type->fields[i];
    if (!count)
        return;
    by = ways[w->count % count];
    const size_t wanted = mixed(w->count) % 40;
    for (size_t i = 0; i < w->count - 1 && met <= wanted; i++)
        if (strcmp(w->things[i].type->name, by->to) == 0 && met++ <= wanted)
            t->hangs_on = w->things[i].id;
    *(int64_t *)field_at(by, t->record) = t->hangs_on;
}

/* A record of the type with every field filled. */
static void *add(struct world *w, const struct record_type *type, int64_t owner, const char *level)
{
    size_t index = w->count;
    struct record_head *record = record_new(w->arena, type);
    *PUSH(w->arena, w->things, w->count, w->capacity) = (struct thing){.type = type,
                                                                       .record = record,
                                                                       .id = record->id = new_id(),
                                                                       .owner = owner,
                                                                       .level = type->visibility};
    for (int i = 0; i < type->count; i++)
        fill_field(w, index, type, i, record);
    struct thing *t = &w->things[index];
    if (type->visibility_field) {
        *(const char **)field_at(field_find(type, type->visibility_field), record) = level;
        t->level = visibility_of_code(level);
    }
    if (type->owner && strcmp(type->owner, "id") == 0)
        t->owner = record->id;
    else if (type->owner)
        *(int64_t *)field_at(field_find(type, type->owner), record) = owner;
    hang(w, type);
    return record;
}

static void set_ref(const struct record_type *type, void *record, const char *field, int64_t id)
{
    const struct field *f = field_find(type, field);
    if (f && f->kind == KIND_ref)
        *(int64_t *)field_at(f, record) = id;
}

static struct person *add_person(struct world *w, const char *role)
{
    struct person *p = add(w, &person_type, 0, NULL);
    p->role = role;
    p->active = FLAG_YES;
    return p;
}

static void add_mandate(struct world *w, int64_t person, int64_t organisation, int64_t since, int64_t until)
{
    struct mandate *m = add(w, &mandate_type, organisation, NULL);
    m->person = person;
    m->since = since;
    m->until = until;
}

static void add_taxonomy(struct world *w)
{
    (void)add(w, &taxonomy_type, 0, NULL);
    for (const struct choice *facet = term_facets; facet->code; facet++) {
        int64_t broader = 0;
        for (int i = 0; i < TERMS_A_FACET; i++) {
            struct term *t = add(w, &term_type, 0, NULL);
            t->facet = facet->code;
            t->parent = broader;
            if (!broader)
                broader = t->id;
        }
    }
}

/* Types that nobody owns and nothing here knows: one of each, so that a new type is not forgotten. */
static bool made_by_hand(const struct record_type *type)
{
    return type == &taxonomy_type || type == &term_type || type == &organisation_type ||
           type == &person_type || type == &mandate_type;
}

static int64_t first_of(const struct world *w, const struct record_type *type)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->things[i].type == type)
            return w->things[i].id;
    return 0;
}

/* Most count the rival's organisation as their competitor, every third the member's; these two each other. */
static int64_t named_competitor(const struct world *w, int64_t owner)
{
    const int64_t rival = w->who[WHO_RIVAL].organisations[0], member = w->who[WHO_MEMBER].organisations[0];
    return owner == rival || (owner != member && w->count % 3 == 0) ? member : rival;
}

/* The first organisation of a level has records of every level, the others of the widest, the narrowest and
 * that which is shut to competitors. */
static void add_owned(struct world *w, const struct record_type *type, int64_t owner, bool all_levels)
{
    for (int k = 0; k < (type->visibility_field ? ALL_LEVELS : 1); k++) {
        if (!all_levels && k != 0 && k < LEVELS - 1)
            continue;
        void *record = add(w, type, owner, levels[k]);
        set_ref(type, record, "confirmed_by", w->who[WHO_RIVAL].person);
        set_ref(type, record, "person", w->who[WHO_RIVAL].person);
        set_ref(type, record, "grappe", first_of(w, &grappe_type));
        set_ref(type, record, "competitor", named_competitor(w, owner));
    }
}

/* For one person alone. */
static void add_own(struct world *w, const struct record_type *type, int64_t person)
{
    if (!person)
        return;
    set_ref(type, add(w, type, 0, NULL), type->reader, person);
    w->things[w->count - 1].reader = person;
}

static void add_organisations(struct world *w, int64_t organisations[LEVELS][ORGANISATIONS_A_LEVEL])
{
    int64_t last = 0;
    for (int n = 0; n < ORGANISATIONS_A_LEVEL; n++)
        for (int k = LEVELS; k-- > 0;) {
            struct organisation *o = add(w, &organisation_type, 0, levels[k]);
            o->parent =
                last; /* from private to public: each belongs to a group that is hidden from more people */
            last = organisations[k][n] = o->id;
        }
}

static void add_people(struct world *w, int64_t organisations[LEVELS][ORGANISATIONS_A_LEVEL])
{
    static const char *const roles[WHO_COUNT] = {NULL,          "member", "member",     "member",
                                                 "facilitator", "funder", "planner",    "operator",
                                                 "member",      "member", "facilitator"};
    static const char *const names[WHO_COUNT] = {"visitor",     "member", "rival",   "two",
                                                 "facilitator", "funder", "planner", "operator",
                                                 "ended",       "early",  "retired"};
    for (int i = 0; i < WHO_COUNT; i++) {
        struct who *who = &w->who[i];
        *who = (struct who){
            .name = names[i], .role = roles[i], .space = arena_print(w->arena, "as-%s", names[i])};
        if (!roles[i])
            continue;
        struct person *p = add_person(w, roles[i]);
        who->person = p->id;
        who->signed_in = i != WHO_RETIRED;
        p->active = who->signed_in ? FLAG_YES : FLAG_NO;
    }
    w->who[WHO_MEMBER].organisations[0] = organisations[1][0];
    w->who[WHO_RIVAL].organisations[0] = organisations[4][1];
    w->who[WHO_TWO].organisations[0] = organisations[3][0];
    w->who[WHO_TWO].organisations[1] = organisations[0][1];
    for (int k = 0; k < LEVELS; k++) /* somebody hidden in no way, in each organisation */
        for (int n = 0; n < ORGANISATIONS_A_LEVEL; n++)
            (void)add_person(w, "member");
}

static void add_mandates(struct world *w, int64_t organisations[LEVELS][ORGANISATIONS_A_LEVEL])
{
    for (int i = 0; i < WHO_COUNT; i++)
        for (int k = 0; k < 2; k++)
            if (w->who[i].organisations[k])
                add_mandate(w, w->who[i].person, w->who[i].organisations[k], UNKNOWN_INTEGER,
                            UNKNOWN_INTEGER);
    add_mandate(w, w->who[WHO_ENDED].person, organisations[1][0], UNKNOWN_INTEGER, today() - 1);
    add_mandate(w, w->who[WHO_EARLY].person, organisations[1][0], today() + 1, UNKNOWN_INTEGER);
    add_mandate(w, w->who[WHO_RETIRED].person, organisations[1][0], UNKNOWN_INTEGER, UNKNOWN_INTEGER);
    size_t person = 0; /* the contacts were added after those who look */
    for (int skip = WHO_COUNT - 1; skip >= 0; person++)
        skip -= w->things[person].type == &person_type;
    for (int k = 0; k < LEVELS; k++)
        for (int n = 0; n < ORGANISATIONS_A_LEVEL; n++)
            add_mandate(w, w->things[person - 1 + (size_t)(k * ORGANISATIONS_A_LEVEL + n)].id,
                        organisations[k][n], UNKNOWN_INTEGER, UNKNOWN_INTEGER);
}

static void invent(struct world *w)
{
    int64_t organisations[LEVELS][ORGANISATIONS_A_LEVEL];
    for (int i = 0; i < record_type_count; i++) {
        const struct record_type *type = all_record_types[i];
        if (type == &taxonomy_type)
            add_taxonomy(w);
        else if (type == &organisation_type)
            add_organisations(w, organisations);
        else if (type == &person_type)
            add_people(w, organisations);
        else if (type == &mandate_type)
            add_mandates(w, organisations);
        else if (!made_by_hand(type) && type->owner) {
            size_t before = w->count;
            for (size_t k = 0, n = 0; k < before; k++)
                if (w->things[k].type == &organisation_type)
                    add_owned(w, type, w->things[k].id, n++ < LEVELS);
        } else if (type->reader) {
            for (int k = 0; k < 5 * WHO_COUNT; k++)
                add_own(w, type, w->who[k % WHO_COUNT].person);
        } else if (!made_by_hand(type)) {
            for (int k = 0; k < (type_hangs(type) ? 60 : 3); k++)
                set_ref(type, add(w, type, 0, levels[k % LEVELS]), "person", w->who[WHO_FACILITATOR].person);
        }
    }
    qsort(w->canaries, w->canary_count, sizeof *w->canaries, by_word);
}

/* --- spaces ---------------------------------------------------------------------------------------- */

static void forget(const struct field *f, void *record)
{
    const struct record_type one = {.fields = f, .count = 1};
    record_clear(&one, record);
}

/* The record as `who` knows it (NULL: whole); false: not at all. One's own account exists in any case. */
static bool known_to(const struct world *w, const struct who *who, const struct thing *t, void *copy)
{
    memcpy(copy, t->record, t->type->size);
    bool self = who && t->id == who->person;
    if (!who)
        return true;
    if (!self && !may_see_record(w, who, t))
        return false;
    for (int i = 0; i < t->type->count; i++) {
        const struct field *f = &t->type->fields[i];
        /* their own address is hinted at on their own page: it is how they sign in */
        bool account = self && (f->visibility == VISIBILITY_INHERIT || strcmp(f->name, "active") == 0 ||
                                strcmp(f->name, "email") == 0 || strcmp(f->name, "digest") == 0);
        const struct thing *to =
            f->kind == KIND_ref ? world_thing(w, *(const int64_t *)field_in(f, t->record)) : NULL;
        if ((!account && !may_see_field(w, who, t, f)) || (to && !may_see_record(w, who, to)))
            forget(f, copy);
    }
    return true;
}

static void fill_space(const struct world *w, const char *name, const struct who *who)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    assert_ok(transaction_begin(space_db(world_space(w, name)), work, &t));
    assert_ok(db_script(t,
                        BY_PROGRAM("test") "DELETE FROM record_term; DELETE FROM term; DELETE FROM taxonomy; "
                                           "DELETE FROM agreement;"));
    for (size_t i = 0; i < w->count; i++) {
        void *copy = record_new(work, w->things[i].type);
        if (!known_to(w, who, &w->things[i], copy))
            continue;
        assert_ok(rows_insert(t, w->things[i].type, copy, 0));
        const struct document_version *v = copy;
        if (w->things[i].type == &document_version_type) /* its hash stands for its bytes too */
            assert_ok(content_keep(t, v->hash, slice_of(v->hash)));
    }
    assert_ok(transaction_commit(t));
}

/* A token of the API that reads and writes: the session's behind the mark that tokens begin with. */
static void add_api_token(const struct world *w, const char *space, const struct who *who, const char *token)
{
    char hex[65], text[80];
    (void)snprintf(text, sizeof text, "grp_%s", token);
    token_hash(text, hex);
    const struct roster_token kept = {.id = who - w->who + 1,
                                      .person = who->person,
                                      .scopes = (1 << API_SCOPES) - 1,
                                      .created_us = now_us(),
                                      .name = "walk",
                                      .prefix = "grp_"};
    assert_ok(roster_token_add(house_roster(w->house), hex, space, &kept));
}

/* The session of a person, in a space, as accounts.c keeps it. */
static void add_session(const struct world *w, const char *space, struct who *who)
{
    unsigned char bits[32];
    char hex[65];
    if (!*who->token) {
        randombytes_buf(bits, sizeof bits);
        (void)sodium_bin2hex(who->token, sizeof who->token, bits, sizeof bits);
    }
    /* One token opens one space: the twin's is the same with its first digit changed. */
    char token[65];
    memcpy(token, who->token, sizeof token);
    token[0] = strcmp(space, "whole") == 0 ? 'a' : 'b';
    token_hash(token, hex);
    const struct roster_session session = {.id = who - w->who + 1,
                                           .person = who->person,
                                           .created_us = now_us(),
                                           .seen_us = now_us(),
                                           .proof_us = now_us(),
                                           .factors = 1,
                                           .device = "",
                                           .network = "127.0.0."};
    assert_ok(roster_session_add(house_roster(w->house), hex, space, &session));
    add_api_token(w, space, who, token);
}

struct space *world_space(const struct world *w, const char *name)
{
    return house_named(w->house, name)->space;
}

struct world *world_new(void)
{
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    struct world *w = NEW(a, struct world, 1);
    const struct space_info *made = NULL;
    w->arena = a;
    folder_new(w->folder, "world");
    log_quieter_than(LOG_ERROR);
    clock_hold(now_us());
    invent(w);
    assert_ok(house_create(w->folder, &w->house));
    if (on_postgres())
        house_use_database(w->house, fresh_schema(w->arena, "world"));
    assert_ok(house_add(w->house, "whole", "Canaries", false, &made));
    fill_space(w, "whole", NULL);
    for (int i = 0; i < WHO_COUNT; i++) {
        assert_ok(house_add(w->house, w->who[i].space, "Canaries", false, &made));
        fill_space(w, w->who[i].space, &w->who[i]);
        if (w->who[i].person) {
            add_session(w, "whole", &w->who[i]);
            add_session(w, w->who[i].space, &w->who[i]);
        }
    }
    return w;
}

void world_end(struct world *w)
{
    house_close(w->house);
    folder_remove(w->folder);
    clock_hold(0);
    arena_free(w->arena);
}

void world_content(const struct world *w, const char *space, char hash[CONTENT_HASH + 1])
{
    ARENA_SCOPE(work);
    struct connection *c = NULL;
    struct content content;
    assert_ok(read_begin(space_db(world_space(w, space)), work, &c));
    assert_ok(content_of(c, &content));
    memcpy(hash, content.of_records, CONTENT_HASH + 1);
}
