/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sqlite_fault.c - the errors of SQLite in the words of fault.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/statement.h"
#include "i18n/i18n.h"
#include "records/records.h"

/* "UNIQUE constraint failed: organisation.siren, …": the first table.column that is a field of a record
 * type. */
static const struct field *field_in_message(const char *message, char column[64])
{
    char table[64] = "";
    const char *at = strstr(message, "failed: ");
    column[0] = '\0';
    if (!at || sscanf(at + 8, "%63[a-z_0-9].%63[a-z_0-9]", table, column) != 2)
        return NULL;
    const struct record_type *type = record_type_find(table);
    return type ? field_find(type, column) : NULL;
}

static struct fault *constraint_fault(int code, const char *message)
{
    char column[64];
    const struct field *f = field_in_message(message, column);
    const char *label = f ? tr(f->label) : column;
    if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
        code == SQLITE_CONSTRAINT_ROWID)
        return fault_in(column, fault(FAULT_CONFLICT, "%s: another record has this value already.", label));
    if (code == SQLITE_CONSTRAINT_NOTNULL)
        return fault_in(column, fault(FAULT_INVALID, "%s: this is needed.", label));
    if (code == SQLITE_CONSTRAINT_FOREIGNKEY)
        return fault(FAULT_INVALID, "This refers to a record that does not exist.");
    return fault(FAULT_BUG, "The database refused a value: %s", message);
}

struct fault *sqlite_fault(sqlite3 *handle)
{
    int code = sqlite3_extended_errcode(handle);
    const char *message = sqlite3_errmsg(handle);
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
        return constraint_fault(code, message);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fault(FAULT_IO, "Another program is using this file; please try again.");
    case SQLITE_FULL:
        return fault(FAULT_IO, "The disk is full: nothing was changed.");
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
    case SQLITE_NOMEM:
        abort(); /* as everywhere: what was committed is safe, and a restart takes a moment */
    default:
        return fault(FAULT_BUG, "The database did not understand: %s (%d)", message, code);
    }
}
