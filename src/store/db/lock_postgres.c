/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lock_postgres.c - what PostgreSQL refuses on a locked connection.
 *
 * Views hold what the asker may see: four settings of the transaction, which functions of the schema read.
 * Statements of askers run as the role ASKERS, which has rights on the views and on nothing else; those of
 * the program as who connected. What tells the server stands before the statement in the same batch, so that
 * it costs no round trip. An account that may not make the role, or take it, still reads the views, but the
 * server would not refuse it the tables: the log says so. */
#include <inttypes.h>

#include "arena/arena.h"
#include "db/postgres.h"
#include "log/log.h"
#include "text/buffer.h"

/* An operator may have made it before; what fails is seen when a connection is locked. */
void postgres_make_role(PGconn *link, struct arena *work, const char *schema)
{
    static const char *const steps[] = {"CREATE ROLE " ASKERS " NOLOGIN", "GRANT " ASKERS " TO CURRENT_USER"};
    for (size_t i = 0; i < COUNT(steps); i++)
        PQclear(PQexec(link, steps[i]));
    PQclear(PQexec(link, arena_print(work, "GRANT USAGE ON SCHEMA \"%s\" TO " ASKERS, schema)));
}

#define MAY_STEP_DOWN                                                                                        \
    BY_PROGRAM("lock")                                                                                       \
    "SELECT count(*) FROM pg_roles WHERE rolname = '" ASKERS "' AND pg_has_role(oid, 'MEMBER')"              \
    " AND has_schema_privilege(oid, current_schema(), 'USAGE')"

struct fault *postgres_lock(struct connection *c, enum purpose purpose, const char *views)
{
    struct postgres *p = c->link;
    int64_t there;
    (void)views;
    p->face_known = p->as_program = true; /* as connected */
    TRY(db_integer(c, &there, 0, MAY_STEP_DOWN, NO_ARGS));
    p->may_step_down = there != 0;
    if (!there && purpose == FOR_WRITING)
        log_event(LOG_WARNING, "lock",
                  "the database account may not take the role " ASKERS
                  ": the server itself does not refuse tables to statements of askers");
    return NULL;
}

/* One statement for both faces: role, roles, levels, organisations, their competitors, person; last, whether
 * the transaction's only. */
#define PUT_ON                                                                                               \
    "SELECT set_config('role', $1, $7::boolean), set_config('grappe.roles', $2, $7::boolean),"               \
    " set_config('grappe.levels', $3, $7::boolean), set_config('grappe.organisations', $4, $7::boolean),"    \
    " set_config('grappe.competitors', $5, $7::boolean), set_config('grappe.person', $6, $7::boolean)"

static const char *levels_of(struct arena *work, const struct sight *s)
{
    struct buffer *b = buffer_new(work, KIB);
    for (int level = VISIBILITY_PUBLIC; level <= VISIBILITY_PRIVATE; level++)
        if (sight_opens(s, (enum visibility)level))
            buffer_print(b, "%c%s", b->len ? ',' : '{', visibility_code((enum visibility)level));
    return b->len ? arena_print(work, "%s}", buffer_string(b)) : "";
}

static const char *list_of(struct arena *work, struct id_list ids)
{
    struct buffer *b = buffer_new(work, LIMIT_SQL);
    for (size_t i = 0; i < ids.count; i++)
        buffer_print(b, "%c%" PRId64, i ? ',' : '{', ids.at[i]);
    return b->len ? arena_print(work, "%s}", buffer_string(b)) : "";
}

struct fault *postgres_face(struct connection *c, bool by_program)
{
    struct postgres *p = c->link;
    bool same = p->face_known && p->as_program == by_program && (by_program || p->asked == c->asked);
    if (!c->locked || same || (by_program && !p->may_step_down))
        return NULL;
    ARENA_SCOPE(work);
    const struct sight *s = &c->asker;
    const char *roles = s->role ? arena_print(work, "%d", s->role | ROLE_VISITOR) : "";
    const char *values[] = {!by_program && p->may_step_down ? ASKERS : "none",
                            roles,
                            levels_of(work, s),
                            list_of(work, c->mine),
                            list_of(work, c->competing),
                            s->person ? arena_print(work, "%" PRId64, s->person) : "",
                            p->in_transaction ? "true" : "false"};
    TRY(postgres_make_room(c));
    if (!PQsendQueryParams(p->link, PUT_ON, COUNT(values), NULL, values, NULL, NULL, 1))
        return postgres_fault(c, NULL);
    p->sent[p->sent_count++] = (struct sent){0};
    p->face_known = true;
    p->face_lasts |= !p->in_transaction;
    p->as_program = by_program;
    p->asked = c->asked;
    return NULL;
}
