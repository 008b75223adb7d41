/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* past_list.h - filters and orders of a list on records in memory; private to door/.
 *
 * What stood at a past instant is in no table: the same list_query that store/rows makes SQL of is answered
 * here record by record. A test compares the two. */
#ifndef GRAPPE_PAST_LIST_H
#define GRAPPE_PAST_LIST_H

#include "rows/rows.h"

/* Does the record fulfil the filter? An operator that the kind does not have holds for none. */
bool filter_holds(const struct filter *, const void *record);

/* Sorts `count` records of query->type as the query says. `names`: of what query->sort refers to, in the
 * order of the records, when it is a reference; else NULL. Cost O(n log n), memory of the arena. */
void records_order(struct arena *, const struct list_query *, const char *const *names, void *records,
                   size_t count);

#endif
