/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* world.h - a space full of canary words, who looks at it, and the same space as each of them may know it.
 *
 * The whole: three organisations of each level, each with records of every type and level, every text field a
 * word found nowhere else. For each role a twin: a space in which what the role may not see was never there.
 * What a role is answered must not depend on the difference. Who may see what is worked out here from levels
 * and owners, not by the program's own rules. */
#ifndef GRAPPE_WORLD_H
#define GRAPPE_WORLD_H

#include "copy/copy.h"
#include "house/house.h"
#include "records/records.h"

enum role_kind {
    WHO_VISITOR,
    WHO_MEMBER, /* of one organisation, open to the space */
    WHO_RIVAL,  /* of another one, private */
    WHO_TWO,    /* of a confidential and a public one */
    WHO_FACILITATOR,
    WHO_FUNDER,
    WHO_PLANNER,
    WHO_OPERATOR,
    WHO_ENDED,   /* the mandate ended yesterday */
    WHO_EARLY,   /* the mandate begins tomorrow */
    WHO_RETIRED, /* was a facilitator, may no longer sign in, still has a session */
    WHO_COUNT
};

struct who {
    const char *name;
    const char *role;         /* code; NULL: nobody */
    bool signed_in;           /* what the space makes of the session */
    int64_t person;           /* 0: nobody */
    int64_t organisations[2]; /* with a mandate today; 0: none */
    const char *space;        /* the twin's name */
    char token[65];           /* of the session, good in the whole and in the twin */
};

struct thing {
    const struct record_type *type;
    void *record;
    int64_t id, owner;
    int64_t hangs_on, reader; /* it is seen where that one is; by this person alone. 0: neither */
    enum visibility level;
};

struct canary {
    char word[16];
    size_t thing;
    int field;
};

struct world {
    struct arena *arena;
    char folder[64];
    struct house *house;
    struct who who[WHO_COUNT];
    struct thing *things; /* in the order of all_record_types */
    size_t count, capacity;
    struct canary *canaries; /* by word */
    size_t canary_count, canary_capacity;
};

enum { CANARY_LENGTH = 9 };

struct world *world_new(void); /* with its folder; the clock stands still from now on */
void world_end(struct world *);
struct space *world_space(const struct world *, const char *name);

/* What the text at `at` starts with: a canary of the world, or NULL. */
const struct canary *world_canary(const struct world *, const char *at);
const char *world_word(const struct world *, size_t thing, int field); /* NULL: none */
const struct thing *world_thing(const struct world *, int64_t id);     /* NULL: none */

/* The expectation: from the role, the record's level, the field's level and the owner, and nothing else. */
bool may_see_record(const struct world *, const struct who *, const struct thing *);
bool may_see_field(const struct world *, const struct who *, const struct thing *, const struct field *);
/* May they take it off what it hangs on, and put it back? */
bool may_take_off(const struct world *, const struct who *, const struct thing *);
bool may_write_record(const struct world *, const struct who *, const struct thing *);

/* Does a right name the role? */
bool may_ask(const struct who *, int right);

/* Everything people entered. */
void world_content(const struct world *, const char *space, char hash[CONTENT_HASH + 1]);

#endif
