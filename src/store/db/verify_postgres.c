/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verify_postgres.c - is a schema whole? What the server lets one look at: that nothing of ours was left half
 * made, whether it keeps checksums of its pages (which it checks as the rest of a verification reads them),
 * and the structure of the indexes, where the extension amcheck is installed and we may call it. */
#include <string.h>

#include "arena/arena.h"
#include "db/postgres.h"
#include "i18n/i18n.h"

#define OURS BY_PROGRAM("verify")

#define MEANS_ROW(COLUMN) COLUMN(text, checksums) COLUMN(text, amcheck)
ROW(means_row, MEANS_ROW)

static struct fault *check_indexes(struct connection *c, const char *schema, int64_t *checked)
{
    ARENA_SCOPE(work);
    struct statement *s;
    bool row;
    const char *sql =
        arena_print(work,
                    OURS "SELECT count(k.ok) FROM (SELECT i.indexrelid, (%s.bt_index_check(i.indexrelid)"
                         " IS NOT NULL)::int AS ok FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                         " JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree'"
                         " AND c.relnamespace = current_schema()::regnamespace) k",
                    schema);
    TRY(statement_find(c, slice_of(sql), &s));
    TRY(statement_bind(c, s, NO_ARGS));
    struct fault *wrong = statement_step(c, s, &row);
    if (wrong) {
        struct fault kept = *wrong;
        return fault(FAULT_IO, "An index of the schema is damaged: %s", kept.text);
    }
    *checked = statement_integer(s, 0);
    statement_reset(c, s);
    return NULL;
}

static struct fault *check_pages(struct connection *c, struct arena *a, const char **found)
{
    struct means_row *means;
    size_t count;
    int64_t checked = 0;
    TRY(db_select(
        c, a, means_row, &means, &count,
        OURS "SELECT current_setting('data_checksums') AS checksums, coalesce((SELECT quote_ident(n.nspname)"
             " FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace JOIN pg_proc p"
             " ON p.pronamespace = n.oid AND p.proname = 'bt_index_check' AND p.pronargs = 1"
             " WHERE e.extname = 'amcheck' AND has_function_privilege(p.oid, 'EXECUTE')), '') AS amcheck",
        NO_ARGS));
    bool amcheck = *means->amcheck != '\0';
    if (amcheck)
        TRY(check_indexes(c, means->amcheck, &checked));
    const char *sums = strcmp(means->checksums, "on") == 0 ? tr("the server keeps checksums of its pages")
                                                           : tr("the server keeps no checksums of its pages");
    *found = amcheck
                 ? arena_print(a, tr("%s; %lld indexes are whole"), sums, (long long)checked)
                 : arena_print(a, tr("%s; its indexes could not be checked (the extension amcheck)"), sums);
    return NULL;
}

struct fault *postgres_verify(struct connection *c, struct arena *a, const char **found)
{
    int64_t journals, broken;
    TRY(db_integer(c, &journals, 0,
                   OURS "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        " WHERE n.nspname = current_schema() AND c.relname = 'journal'",
                   NO_ARGS));
    if (!journals)
        return fault(FAULT_INVALID, "This schema of Grappe is not a space.");
    TRY(db_integer(c, &broken, 0,
                   OURS "SELECT (SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()"
                        " AND NOT (i.indisvalid AND i.indisready)) + (SELECT count(*) FROM pg_constraint k"
                        " JOIN pg_namespace n ON n.oid = k.connamespace WHERE n.nspname = current_schema()"
                        " AND NOT k.convalidated)",
                   NO_ARGS));
    if (broken)
        return fault(FAULT_IO, "%lld indexes or constraints of the schema are not valid.", (long long)broken);
    return check_pages(c, a, found);
}
