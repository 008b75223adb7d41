/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verify.h - is a space whole? Its file, its links, its journal, and every record against its description. */
#ifndef GRAPPE_VERIFY_H
#define GRAPPE_VERIFY_H

#include "db/db.h"

struct verification {
    const char *pages;      /* how far the database itself could be checked, in words */
    int64_t records, types; /* records that are not deleted */
    int64_t terms;          /* that records carry */
    int64_t sealed, open;   /* journal entries */
    int64_t erased;         /* of these, without their values: somebody was forgotten */
    char *head;             /* last link of the chain, in hexadecimal */
    int64_t readings;       /* who opened what: entries of the other chain, sealed or open, */
    int64_t reading_lines;  /* and lines of days that older ones were folded into */
    int64_t contents;       /* of documents, each the one that its name is the hash of */
    int64_t states;         /* of records at the first instants of months */
};

/* Stops at the first thing wrong: IO for a damaged file, INVALID for a broken journal or one whose
 * monthly states are not its replay, a dangling link, an
 * orphan term, a content that is not what was given or is lost, a folded name that is out of date, or a record that its type would refuse (named by type and
 * id). Cost O(file). */
struct fault *space_verify(struct connection *, struct arena *, struct verification *) MUST_CHECK;

#endif
