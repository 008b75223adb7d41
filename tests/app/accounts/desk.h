/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* desk.h - a house with one space and a few people, the clock held, letters caught: what tests of accounts
 * stand on. */
#ifndef GRAPPE_TEST_DESK_H
#define GRAPPE_TEST_DESK_H

#include "accounts/accounts.h"
#include "test.h"

struct desk {
    char folder[64];
    struct arena *arena;
    struct house *house;
    const struct space_info *space;
    int64_t firm, rival;      /* organisations */
    int64_t anne, marc;       /* a facilitator; a member with a mandate of the firm */
    int letters;              /* sent so far */
    char to[128], letter[65]; /* of the last: to whom, the token in it */
    int64_t now_us;
};

int desk_open(void **state);
int desk_close(void **state);
void desk_wait(struct desk *, int64_t seconds); /* the clock goes on */
void desk_post(struct desk *);                  /* what was written leaves */

/* Who knocks from this address, with some browser. */
struct caller desk_caller(const char *address);
int64_t desk_person(struct desk *, const char *name, const char *email, const char *role,
                    int64_t organisation);
/* The person as the space knows them now, and a change of them. */
struct person desk_load(struct desk *, int64_t person);
void desk_save(struct desk *, struct person *);
/* Who is behind a session's token; 0: nobody. */
int64_t desk_behind(struct desk *, const char *token);

#endif
