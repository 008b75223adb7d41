/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* errors.h - what can go wrong in a database, in nine classes, and their words; private to store/. */
#ifndef GRAPPE_ERRORS_H
#define GRAPPE_ERRORS_H

#include "fault/fault.h"

enum error_class {
    ERROR_OK,
    ERROR_NONE,      /* no such row, file or space */
    ERROR_UNIQUE,    /* a value that must be unique is taken */
    ERROR_REFERENCE, /* a foreign key leads nowhere */
    ERROR_CHECK,     /* a value is missing, too long or of another type */
    ERROR_BUSY,      /* somebody else writes, or was faster: try again */
    ERROR_LOST,      /* the database, its disk or the way to it does not answer */
    ERROR_FULL,
    ERROR_BUG
};

struct error {
    enum error_class class;
    const char *table, *column; /* concerned, where the database says so; else "" */
    const char *message;        /* its own words, for the log */
};

/* CONFLICT for a unique value, INVALID for a reference or a missing value, IO for busy and lost, FULL, BUG
 * for the rest; the field is named when table and column are a record type's. */
struct fault *error_fault(const struct error *) MUST_CHECK;

#endif
