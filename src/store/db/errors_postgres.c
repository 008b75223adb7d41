/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* errors_postgres.c - SQLSTATEs as our nine classes, and the field they are about. */
#include <stdio.h>
#include <string.h>

#include "db/postgres.h"
#include "text/slice.h"

enum error_class sqlstate_class(const char *state)
{
    static const struct {
        const char *start; /* of the state */
        enum error_class class;
    } known[] = {{"23505", ERROR_UNIQUE}, {"23503", ERROR_REFERENCE}, {"23502", ERROR_CHECK},
                 {"23514", ERROR_CHECK},  {"22", ERROR_CHECK},        {"40001", ERROR_BUSY},
                 {"40P01", ERROR_BUSY},   {"55P03", ERROR_BUSY},      {"53300", ERROR_BUSY},
                 {"25P02", ERROR_BUSY},   {"3B001", ERROR_BUSY},      {"53100", ERROR_FULL},
                 {"53200", ERROR_LOST},   {"08", ERROR_LOST},         {"57P", ERROR_LOST},
                 {"57014", ERROR_LOST},   {"58", ERROR_LOST},         {"XX", ERROR_LOST},
                 {"3D000", ERROR_NONE},   {"3F000", ERROR_NONE},      {"28", ERROR_LOST}};
    for (size_t i = 0; i < COUNT(known); i++)
        if (strncmp(state, known[i].start, strlen(known[i].start)) == 0)
            return known[i].class;
    return ERROR_BUG;
}

static const char *part(const PGresult *answer, int which)
{
    const char *text = answer ? PQresultErrorField(answer, which) : NULL;
    return text ? text : "";
}

/* Our constraints and unique indexes are called TABLE_COLUMN, a primary key TABLE_pkey. */
static void column_concerned(const PGresult *answer, char column[64])
{
    const char *table = part(answer, PG_DIAG_TABLE_NAME), *named = part(answer, PG_DIAG_COLUMN_NAME),
               *constraint = part(answer, PG_DIAG_CONSTRAINT_NAME);
    size_t length = strlen(table);
    if (!*named && length && strncmp(constraint, table, length) == 0 && constraint[length] == '_')
        named = strcmp(constraint + length, "_pkey") == 0 ? "id" : constraint + length + 1;
    (void)snprintf(column, 64, "%s", named);
}

/* The server's words end with a line break, and are followed by details for the log. */
static void first_line(const char *text, char line[256])
{
    (void)snprintf(line, 256, "%.*s", (int)strcspn(text, "\n"), text);
}

struct fault *postgres_fault(struct connection *c, const PGresult *answer)
{
    struct postgres *p = c->link;
    char column[64], message[256];
    bool lost = !p || PQstatus(p->link) != CONNECTION_OK;
    const char *state = part(answer, PG_DIAG_SQLSTATE), *words = part(answer, PG_DIAG_MESSAGE_PRIMARY);
    first_line(*words || !p ? words : PQerrorMessage(p->link), message);
    column_concerned(answer, column);
    c->error = *state ? sqlstate_class(state) : ERROR_LOST;
    c->yielded = strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0;
    if (lost && p) {
        c->error = c->error == ERROR_NONE ? ERROR_NONE : ERROR_LOST;
        p->in_transaction = false;
    }
    return error_fault(&(struct error){c->error, part(answer, PG_DIAG_TABLE_NAME), column, message});
}
