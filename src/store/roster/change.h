/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* change.h - how the files of this room write; private to roster/. */
#ifndef GRAPPE_ROSTER_CHANGE_H
#define GRAPPE_ROSTER_CHANGE_H

#include "arena/arena.h"
#include "db/db.h"

/* One statement as one change; *changed: how many rows. */
#define CHANGE_SOME(db, changed, sql, arguments)                                                             \
    do {                                                                                                     \
        ARENA_SCOPE(work_);                                                                                  \
        struct transaction *t_ = NULL;                                                                       \
        TRY(transaction_begin(db, work_, &t_));                                                              \
        TRY(db_change(t_, changed, sql, arguments));                                                         \
        return transaction_commit(t_);                                                                       \
    } while (0)
#define CHANGE(db, sql, arguments) CHANGE_SOME(db, NULL, sql, arguments)

/* The same of one row: *did says whether there was one to change. */
#define CHANGE_ONE(db, did, sql, arguments)                                                                  \
    do {                                                                                                     \
        int64_t changed_ = 0;                                                                                \
        ARENA_SCOPE(work_);                                                                                  \
        struct transaction *t_ = NULL;                                                                       \
        TRY(transaction_begin(db, work_, &t_));                                                              \
        TRY(db_change(t_, &changed_, sql, arguments));                                                       \
        *(did) = changed_ == 1;                                                                              \
        return transaction_commit(t_);                                                                       \
    } while (0)

#endif
