/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lock_sqlite.c - what SQLite refuses to prepare on a locked connection.
 *
 * It asks for every table a statement would read, and names the innermost view or named sub-query that reads
 * it. Tables are read by the parts of our views that go by the key of the connection, drawn when it is
 * opened; so a sub-query that took the name of a view gets nothing. */
#include <string.h>

#include "db/sqlite.h"

/* Tables by what they are in: our views, in the temporary schema; the bound ids. */
static bool read_allowed(const struct connection *c, const char *table, const char *schema,
                         const char *within)
{
    if (within && strcmp(within, c->key) == 0)
        return true;
    if (strcmp(table, "id_list") == 0 || strcmp(table, c->key) == 0)
        return true;
    return schema && strcmp(schema, "temp") == 0 && strncmp(table, "sqlite_", 7) != 0;
}

static int allow(void *thing, int action, const char *first, const char *second, const char *schema,
                 const char *within)
{
    const struct connection *c = thing;
    (void)second;
    if (c->unlocked)
        return SQLITE_OK;
    switch (action) {
    case SQLITE_READ:
        return read_allowed(c, first ? first : "", schema, within) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_SELECT:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
        return SQLITE_OK;
    default:
        return SQLITE_DENY;
    }
}

void sqlite_unlock(struct connection *c, bool by_program)
{
    c->unlocked = by_program;
}

struct fault *sqlite_lock(struct connection *c, enum purpose purpose, const char *views)
{
    sqlite3 *handle = c->link;
    bool made = sqlite3_exec(handle, "PRAGMA query_only = OFF", NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(handle, views, NULL, NULL, NULL) == SQLITE_OK &&
                (purpose == FOR_WRITING ||
                 sqlite3_exec(handle, "PRAGMA query_only = ON", NULL, NULL, NULL) == SQLITE_OK) &&
                sqlite3_set_authorizer(handle, allow, c) == SQLITE_OK;
    return made ? NULL : sqlite_fault(handle, &c->error);
}
