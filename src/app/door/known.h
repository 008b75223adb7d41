/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* known.h - the people of a space who came lately; private to door/. */
#ifndef GRAPPE_KNOWN_H
#define GRAPPE_KNOWN_H

#include "rights/rights.h"

struct arena;
struct known_people;
struct known_people *known_people_new(void);
void known_people_free(struct known_people *);

struct known {
    struct viewer viewer;
    const char *name;
    int64_t answered; /* the last of the person's requests whose answer is kept; 0: none */
};

/* What was kept of a person at this generation and day, copied to the arena; false: it must be read. */
bool known_find(struct known_people *, struct arena *, int64_t person, int64_t generation, int64_t day,
                struct known *);
void known_keep(struct known_people *, int64_t generation, int64_t day, const struct known *);

#endif
