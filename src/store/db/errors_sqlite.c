/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* errors_sqlite.c - the result codes of SQLite as our nine classes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/sqlite.h"

/* An extended code, or a primary one for all of its kind. */
static enum error_class class_of(int extended)
{
    static const struct {
        int code;
        enum error_class class;
    } known[] = {{SQLITE_CONSTRAINT_UNIQUE, ERROR_UNIQUE},
                 {SQLITE_CONSTRAINT_PRIMARYKEY, ERROR_UNIQUE},
                 {SQLITE_CONSTRAINT_ROWID, ERROR_UNIQUE},
                 {SQLITE_CONSTRAINT_FOREIGNKEY, ERROR_REFERENCE},
                 {SQLITE_CONSTRAINT, ERROR_CHECK},
                 {SQLITE_TOOBIG, ERROR_CHECK},
                 {SQLITE_BUSY, ERROR_BUSY},
                 {SQLITE_LOCKED, ERROR_BUSY},
                 {SQLITE_INTERRUPT, ERROR_BUSY}, /* in a hurry that is over */
                 {SQLITE_FULL, ERROR_FULL},
                 {SQLITE_NOTADB, ERROR_NONE},
                 {SQLITE_CORRUPT, ERROR_LOST},
                 {SQLITE_READONLY, ERROR_LOST},
                 {SQLITE_PERM, ERROR_LOST},
                 {SQLITE_CANTOPEN, ERROR_LOST},
                 {SQLITE_IOERR, ERROR_LOST}};
    for (size_t i = 0; i < COUNT(known); i++)
        if (known[i].code == extended || known[i].code == (extended & 0xFF))
            return known[i].class;
    return ERROR_BUG;
}

/* Where the class says too little of a file; NULL: it says enough. */
static struct fault *file_fault(int code, const char *message)
{
    switch (code) {
    case SQLITE_CORRUPT:
        return fault(FAULT_IO, "The file is damaged: restore a backup.");
    case SQLITE_NOTADB:
        return fault(FAULT_INVALID, "This is not a file of Grappe.");
    case SQLITE_TOOBIG:
        return fault(FAULT_LIMIT, "A text is too long to be stored.");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        return fault(FAULT_IO, "The file cannot be opened for writing: %s.", message);
    case SQLITE_IOERR:
        return fault(FAULT_IO, "The disk does not answer as it should: %s.", message);
    default:
        return NULL;
    }
}

/* "UNIQUE constraint failed: organisation.siren, …": the first table.column. */
static void place_in_message(const char *message, char table[64], char column[64])
{
    const char *at = strstr(message, "failed: ");
    if (!at || sscanf(at + 8, "%63[a-z_0-9].%63[a-z_0-9]", table, column) != 2)
        table[0] = column[0] = '\0';
}

struct fault *sqlite_fault(sqlite3 *handle, enum error_class *class)
{
    int code = sqlite3_extended_errcode(handle);
    const char *message = sqlite3_errmsg(handle);
    enum error_class found = class_of(code);
    char table[64] = "", column[64] = "";
    if ((code & 0xFF) == SQLITE_NOMEM)
        abort(); /* as everywhere: what was committed is safe, and a restart takes a moment */
    if (class)
        *class = found;
    struct fault *of_file = file_fault(code & 0xFF, message);
    if (of_file)
        return of_file;
    if (found == ERROR_UNIQUE || code == SQLITE_CONSTRAINT_NOTNULL)
        place_in_message(message, table, column);
    return error_fault(&(struct error){found, table, column, message});
}
