/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sight.h - who asks: what the views of a locked connection show.
 *
 * Its statements read seen_TYPE, terms_of_TYPE and seen_journal (rows/views.c), which hold what the asker may
 * see and nothing else; tables are refused to them. A statement of the program itself begins with
 * BY_PROGRAM(the part of it), and has the tables. */
#ifndef GRAPPE_SIGHT_H
#define GRAPPE_SIGHT_H

#include "record/record.h"

#define BY_PROGRAM(part) "/*" part "*/ "

static inline bool is_by_program(const char *sql)
{
    return sql[0] == '/' && sql[1] == '*';
}

struct sight {
    const char *program; /* the part of the program that reads for itself and sees everything; NULL: none */
    bool signed_in, facilitator;
    int64_t person;               /* 0: nobody */
    int role;                     /* role bits, against record_type.readers */
    const int64_t *organisations; /* with a mandate today */
    size_t count;
    const int64_t *competitors; /* of one of these; of a facilitator, none */
    size_t competitor_count;
};

/* Is this level open to the asker without belonging to the organisation? What is shut to competitors: unless
 * it is one's. */
static inline bool sight_opens(const struct sight *s, enum visibility level)
{
    switch (level) {
    case VISIBILITY_PUBLIC:
        return s->role != 0;
    case VISIBILITY_SPACE:
        return s->signed_in || s->facilitator;
    case VISIBILITY_NONCOMPETING:
        return s->facilitator || s->count;
    case VISIBILITY_GRAPPE:
    case VISIBILITY_CONFIDENTIAL:
        return s->facilitator;
    case VISIBILITY_PRIVATE:
    case VISIBILITY_INHERIT:
        break;
    }
    return false;
}

struct connection;
/* Whose eyes the statements that follow have, until somebody else asks or the unit of work ends. Copied.
 * Until this is called nobody asks, and nothing is seen. Cost: a comparison when nothing changes. */
void connection_ask(struct connection *, const struct sight *);

#endif
