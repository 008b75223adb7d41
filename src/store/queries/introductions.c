/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "queries/introductions.h"

#include "arena/arena.h"

struct fault *introductions_of_asker(struct connection *c, struct arena *a, const struct sight *s,
                                     int64_t organisation, const char *states, int64_t most,
                                     struct waiting_deal **rows, size_t *count)
{
    connection_ask(c, s);
    return db_select(c, a, waiting_deal, rows, count,
                     "SELECT i.id AS id, i.version AS version, i.organisation AS organisation,"
                     " i.answerer AS other, i.since AS since, i.due AS due,"
                     " (SELECT n.deadline FROM seen_need n WHERE n.id = i.need) AS deadline,"
                     " i.state AS state, i.subject AS subject FROM seen_introduction i"
                     " WHERE i.organisation = $1 AND i.due IS NOT NULL AND $2 LIKE '%,' || i.state || ',%'"
                     " ORDER BY i.since, i.id LIMIT $3",
                     ARGS(ARG(organisation), ARG(states), ARG(most)));
}

struct fault *introductions_of_answerer(struct connection *c, struct arena *a, const struct sight *s,
                                        int64_t organisation, const char *states, int64_t most,
                                        struct waiting_deal **rows, size_t *count)
{
    connection_ask(c, s);
    return db_select(c, a, waiting_deal, rows, count,
                     "SELECT b.id AS id, b.version AS version, b.organisation AS organisation,"
                     " b.asker AS other, b.since AS since, b.due AS due, CAST(NULL AS BIGINT) AS deadline,"
                     " b.state AS state, b.subject AS subject FROM seen_blind_card b"
                     " WHERE b.organisation = $1 AND b.due IS NOT NULL AND $2 LIKE '%,' || b.state || ',%'"
                     " ORDER BY b.since, b.id LIMIT $3",
                     ARGS(ARG(organisation), ARG(states), ARG(most)));
}

struct fault *introductions_escalated(struct connection *c, struct arena *a, const struct sight *s,
                                      int64_t day, int64_t most, struct waiting_deal **rows, size_t *count)
{
    connection_ask(c, s);
    return db_select(c, a, waiting_deal, rows, count,
                     "SELECT i.id AS id, i.version AS version, i.organisation AS organisation,"
                     " coalesce(i.answerer, (SELECT b.organisation FROM seen_blind_card b"
                     " WHERE b.introduction = i.id)) AS other, i.since AS since, i.due AS due,"
                     " CAST(NULL AS BIGINT) AS deadline,"
                     " i.state AS state, i.subject AS subject FROM seen_introduction i"
                     " WHERE i.due <= $1 ORDER BY i.due, i.organisation, i.id LIMIT $2",
                     ARGS(ARG(day), ARG(most)));
}

struct fault *introductions_calls_wished(struct connection *c, struct arena *a, const struct sight *s,
                                         int64_t most, struct wished_call **rows, size_t *count)
{
    connection_ask(c, s);
    return db_select(c, a, wished_call, rows, count,
                     "SELECT w.id AS id, i.id AS introduction, i.version AS version,"
                     " w.organisation AS organisation, i.state AS state, i.subject AS subject"
                     " FROM seen_call w JOIN seen_introduction i ON i.id = w.introduction"
                     " WHERE w.wished = 1 AND i.due IS NOT NULL AND NOT EXISTS (SELECT 1 FROM seen_call l"
                     " WHERE l.introduction = w.introduction AND l.organisation = w.organisation"
                     " AND l.id > w.id) ORDER BY w.id LIMIT $1",
                     ARGS(ARG(most)));
}

/* Somebody with a mandate on the day $1 may sign in for these. */
#define REACHED                                                                                              \
    " FROM seen_mandate m JOIN seen_person p ON p.id = m.person"                                             \
    " WHERE (m.since IS NULL OR m.since <= $1) AND (m.until IS NULL OR m.until >= $1)"                       \
    " AND coalesce(p.active, 1) <> 0"

struct fault *introductions_reached(struct connection *c, struct arena *a, const struct sight *s, int64_t day,
                                    struct id_list *organisations)
{
    struct organisation_row *rows = NULL;
    int64_t *ids;
    connection_ask(c, s);
    TRY(db_select(c, a, organisation_row, &rows, &organisations->count,
                  "SELECT DISTINCT m.organisation AS id" REACHED, ARGS(ARG(day))));
    organisations->at = ids = NEW(a, int64_t, organisations->count);
    for (size_t i = 0; i < organisations->count; i++)
        ids[i] = rows[i].id;
    return NULL;
}

struct fault *introductions_unreached(struct connection *c, struct arena *a, const struct sight *s,
                                      int64_t day, struct id_list reached, const char *states, int64_t most,
                                      struct waiting_deal **rows, size_t *count)
{
    connection_ask(c, s);
    return db_select(c, a, waiting_deal, rows, count,
                     "SELECT i.id AS id, i.version AS version, i.organisation AS organisation,"
                     " b.organisation AS other, i.since AS since, i.due AS due,"
                     " CAST(NULL AS BIGINT) AS deadline, i.state AS state, i.subject AS subject"
                     " FROM seen_blind_card b JOIN seen_introduction i ON i.id = b.introduction"
                     " WHERE b.due > $1 AND b.organisation NOT IN (SELECT id FROM id_list($2))"
                     " AND $3 LIKE '%,' || b.state || ',%' ORDER BY b.due, b.organisation, b.id LIMIT $4",
                     ARGS(ARG(day), argument_ids(reached.at, reached.count), ARG(states), ARG(most)));
}

struct fault *introductions_organisation_unreached(struct connection *c, struct arena *a,
                                                   const struct sight *s, int64_t day, int64_t organisation,
                                                   struct organisation_row **rows, size_t *count)
{
    connection_ask(c, s);
    return db_select(c, a, organisation_row, rows, count,
                     "SELECT o.id AS id FROM seen_organisation o WHERE o.id = $2"
                     " AND NOT EXISTS (SELECT 1" REACHED " AND m.organisation = $2)",
                     ARGS(ARG(day), ARG(organisation)));
}

struct fault *introductions_needs_waiting(struct connection *c, struct arena *a, const struct sight *s,
                                          int64_t owner, int64_t most, struct waiting_need **rows,
                                          size_t *count)
{
    connection_ask(c, s);
    return db_select(c, a, waiting_need, rows, count,
                     "SELECT n.id AS id, n.organisation AS organisation, n.deadline AS deadline,"
                     " (SELECT max(i.since) FROM seen_introduction i WHERE i.need = n.id) AS ended,"
                     " n.title AS title FROM seen_need n"
                     " WHERE n.state = 'open' AND (CAST($1 AS BIGINT) IS NULL OR n.organisation = $1)"
                     " AND NOT EXISTS (SELECT 1 FROM seen_introduction i WHERE i.need = n.id"
                     " AND (i.due IS NOT NULL OR i.reached IN ('delivered', 'renewed')))"
                     " ORDER BY n.id LIMIT $2",
                     ARGS(ARG(owner), ARG(most)));
}

struct fault *introductions_changes(struct connection *c, struct arena *a, int64_t after,
                                    struct introduction_change **rows, size_t *count)
{
    return db_select(
        c, a, introduction_change, rows, count,
        BY_PROGRAM("introductions") "SELECT DISTINCT j.type AS type, j.record AS record FROM journal j"
                                    " WHERE j.id > $1 AND j.type IN ('introduction', 'blind_card', 'call',"
                                    " 'mandate', 'person', 'reminder_rate')",
        ARGS(ARG(after)));
}

struct fault *introductions_between(struct connection *c, struct arena *a, int64_t asker, int64_t asked,
                                    int64_t need, int64_t since, struct asked_pair **rows, size_t *count)
{
    return db_select(
        c, a, asked_pair, rows, count,
        BY_PROGRAM("introductions") "SELECT i.id AS introduction, b.id AS card"
                                    " FROM blind_card b JOIN introduction i ON i.id = b.introduction"
                                    " WHERE b.organisation = $2 AND b.deleted_us IS NULL"
                                    " AND (b.due IS NOT NULL OR b.since > $4)"
                                    " AND i.organisation = $1 AND i.deleted_us IS NULL"
                                    " AND (i.need = $3 OR i.due IS NULL) ORDER BY i.id",
        ARGS(ARG(asker), ARG(asked), ARG(need), ARG(since)));
}

struct fault *introductions_rate(struct connection *c, struct arena *a, int64_t organisation,
                                 struct rate_row **rows, size_t *count)
{
    return db_select(
        c, a, rate_row, rows, count,
        BY_PROGRAM("introductions") "SELECT r.id AS id FROM reminder_rate r"
                                    " WHERE r.deleted_us IS NULL"
                                    " AND (r.organisation = $1 OR ($1 = 0 AND r.organisation IS NULL))"
                                    " ORDER BY r.id DESC LIMIT 1",
        ARGS(ARG(organisation)));
}

struct fault *introductions_tally(struct connection *c, struct arena *a, const struct sight *s,
                                  struct introduction_tally **rows, size_t *count)
{
    connection_ask(c, s);
    return db_select(c, a, introduction_tally, rows, count,
                     "SELECT i.source AS source, CASE WHEN coalesce(i.rank, p.rank) IS NULL THEN 0"
                     " WHEN coalesce(i.rank, p.rank) = 1 THEN 1 WHEN coalesce(i.rank, p.rank) <= 3 THEN 3"
                     " WHEN coalesce(i.rank, p.rank) <= 10 THEN 10 ELSE 11 END AS ranked,"
                     " i.state AS state, i.reached AS reached, i.reason AS reason,"
                     " i.answered - i.proposed AS days,"
                     " CASE WHEN i.agreement IS NULL THEN 0 ELSE 1 END AS pledged,"
                     " count(*) AS times FROM seen_introduction i"
                     " LEFT JOIN seen_proposal p ON p.introduction = i.id"
                     " GROUP BY 1, 2, 3, 4, 5, 6, 7",
                     NO_ARGS);
}

struct fault *introductions_spoke(struct connection *c, struct arena *a, const struct sight *s,
                                  struct spoke_tally **rows, size_t *count)
{
    connection_ask(c, s);
    return db_select(c, a, spoke_tally, rows, count,
                     "SELECT coalesce(i.spoke, p.spoke) AS spoke, i.reached AS reached, count(*) AS times"
                     " FROM seen_introduction i LEFT JOIN seen_proposal p ON p.introduction = i.id"
                     " WHERE coalesce(i.spoke, p.spoke) IS NOT NULL GROUP BY 1, 2",
                     NO_ARGS);
}

struct fault *introductions_of_grappes(struct connection *c, struct arena *a, const struct sight *s,
                                       struct grappe_tally **rows, size_t *count)
{
    connection_ask(c, s);
    return db_select(c, a, grappe_tally, rows, count,
                     "SELECT g.id AS grappe, g.name AS name, i.reached AS reached,"
                     " count(DISTINCT i.id) AS times"
                     " FROM seen_introduction i LEFT JOIN seen_blind_card b ON b.introduction = i.id"
                     " JOIN seen_grappe_membership m ON m.organisation = coalesce(i.answerer, b.organisation)"
                     " AND m.since <= i.proposed AND (m.until IS NULL OR m.until >= i.proposed)"
                     " JOIN seen_grappe g ON g.id = m.grappe GROUP BY 1, 2, 3 ORDER BY 2, 1",
                     NO_ARGS);
}

struct fault *introductions_card_reasons(struct connection *c, struct arena *a, const struct sight *s,
                                         struct card_reason **rows, size_t *count)
{
    connection_ask(c, s);
    return db_select(c, a, card_reason, rows, count,
                     "SELECT b.reason AS reason, count(*) AS times FROM seen_blind_card b"
                     " WHERE b.reason IS NOT NULL GROUP BY 1",
                     NO_ARGS);
}
