/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pairs.h - a change in two rows, for tests of what survives: an organisation and its site, in one
 * transaction. One without the other is half a change. */
#ifndef GRAPPE_TEST_PAIRS_H
#define GRAPPE_TEST_PAIRS_H

#include "store/space_fixture.h"

static inline struct fault *write_pair(struct db *db, int64_t *id)
{
    ARENA_SCOPE(a);
    struct transaction *t;
    struct organisation o = named_organisation("Ligne");
    struct site s;
    record_clear(&site_type, &s);
    TRY(transaction_begin(db, a, &t));
    TRY(rows_insert(t, &organisation_type, &o, 1));
    s.organisation = *id = o.id;
    TRY(rows_insert(t, &site_type, &s, 1));
    TRY(journal_seal(t, 3, NULL));
    return transaction_commit(t);
}

/* Organisations that have not just one site. */
static inline struct fault *halves_count(struct connection *c, int64_t *halves)
{
    return db_integer(c, halves, -1,
                      BY_PROGRAM("test") "SELECT count(*) FROM organisation o WHERE"
                                         " (SELECT count(*) FROM site s WHERE s.organisation = o.id) <> 1",
                      NO_ARGS);
}

#endif
