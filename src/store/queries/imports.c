/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "queries/imports.h"

#include "arena/arena.h"
#include "journal/journal.h"
#include "text/fold.h"

#define OURS BY_PROGRAM("import")

/* Texts are compared folded, and folded here: no database knows how. */
static struct argument folded(struct arena *work, const char *text)
{
    return argument_text(text ? fold_text(work, text) : NULL);
}

struct fault *imports_site_by_siret(struct connection *c, const char *siret, int64_t *site)
{
    return db_integer(c, site, 0, OURS "SELECT id FROM site WHERE siret = $1 AND deleted_us IS NULL",
                      ARGS(ARG(siret)));
}

struct fault *imports_organisation_by_siren(struct connection *c, const char *siren, int64_t *id)
{
    return db_integer(c, id, 0, OURS "SELECT id FROM organisation WHERE siren = $1 AND deleted_us IS NULL",
                      ARGS(ARG(siren)));
}

struct fault *imports_organisation_by_uid(struct connection *c, const char *uid, int64_t *id)
{
    return db_integer(c, id, 0, OURS "SELECT id FROM organisation WHERE uid = $1 AND deleted_us IS NULL",
                      ARGS(ARG(uid)));
}

struct fault *imports_organisation_by_name(struct connection *c, const char *name, const char *commune,
                                           const char *commune_code, int64_t *id)
{
    ARENA_SCOPE(work);
    if (!commune && !commune_code)
        return db_integer(c, id, 0,
                          OURS "SELECT o.id FROM organisation o"
                               " WHERE o.name_folded = $1 AND o.deleted_us IS NULL"
                               " AND NOT EXISTS (SELECT 1 FROM site s WHERE s.organisation = o.id"
                               " AND s.deleted_us IS NULL AND s.commune IS NOT NULL)"
                               " ORDER BY o.id LIMIT 1",
                          ARGS(folded(work, name)));
    return db_integer(c, id, 0,
                      OURS "SELECT o.id FROM organisation o JOIN site s ON s.organisation = o.id"
                           " WHERE o.name_folded = $1 AND o.deleted_us IS NULL AND s.deleted_us IS NULL"
                           " AND (s.commune_code = $3 OR s.commune_folded = $2)"
                           " ORDER BY o.id LIMIT 1",
                      ARGS(folded(work, name), folded(work, commune), ARG(commune_code)));
}

struct fault *imports_site_of(struct connection *c, int64_t organisation, const char *siret,
                              const char *commune, const char *commune_code, int64_t *site)
{
    ARENA_SCOPE(work);
    return db_integer(c, site, 0,
                      OURS
                      "SELECT s.id FROM site s WHERE s.organisation = $1 AND s.deleted_us IS NULL"
                      " AND (CAST($2 AS TEXT) IS NULL OR s.siret IS NULL)"
                      " AND ((CAST($3 AS TEXT) IS NULL AND CAST($4 AS TEXT) IS NULL) OR s.commune_code = $4"
                      " OR s.commune_folded = $3 OR (s.commune IS NULL AND s.commune_code IS NULL))"
                      " ORDER BY s.id LIMIT 1",
                      ARGS(ARG(organisation), ARG(siret), folded(work, commune), ARG(commune_code)));
}

struct fault *imports_capability_titled(struct connection *c, int64_t organisation, const char *title,
                                        int64_t *id)
{
    ARENA_SCOPE(work);
    return db_integer(c, id, 0,
                      OURS "SELECT id FROM capability WHERE organisation = $1 AND title_folded = $2"
                           " AND deleted_us IS NULL ORDER BY id LIMIT 1",
                      ARGS(ARG(organisation), folded(work, title)));
}

struct fault *imports_certificate_of(struct connection *c, int64_t organisation, int64_t term, int64_t *id)
{
    return db_integer(c, id, 0,
                      OURS "SELECT c.id FROM certificate c WHERE c.organisation = $1 AND c.deleted_us IS NULL"
                           " AND EXISTS (SELECT 1 FROM record_term rt WHERE rt.type = 'certificate'"
                           " AND rt.record = c.id AND rt.term = $2) ORDER BY c.id LIMIT 1",
                      ARGS(ARG(organisation), ARG(term)));
}

struct fault *imports_person_by_email(struct connection *c, const char *email, int64_t *id)
{
    return db_integer(c, id, 0, OURS "SELECT id FROM person WHERE email = $1 AND deleted_us IS NULL",
                      ARGS(ARG(email)));
}

struct fault *imports_person_of(struct connection *c, int64_t organisation, const char *name, int64_t *id)
{
    ARENA_SCOPE(work);
    return db_integer(c, id, 0,
                      OURS "SELECT p.id FROM mandate m JOIN person p ON p.id = m.person"
                           " WHERE m.organisation = $1 AND p.name_folded = $2"
                           " AND m.deleted_us IS NULL AND p.deleted_us IS NULL ORDER BY p.id LIMIT 1",
                      ARGS(ARG(organisation), folded(work, name)));
}

struct fault *imports_mandate_of(struct connection *c, int64_t organisation, int64_t person, int64_t *id)
{
    return db_integer(c, id, 0,
                      OURS
                      "SELECT id FROM mandate WHERE organisation = $1 AND person = $2 AND deleted_us IS NULL"
                      " ORDER BY id LIMIT 1",
                      ARGS(ARG(organisation), ARG(person)));
}

struct fault *imports_mapping_of(struct connection *c, const char *source, int64_t *id)
{
    return db_integer(c, id, 0, OURS "SELECT id FROM import_mapping WHERE source = $1 AND deleted_us IS NULL",
                      ARGS(ARG(source)));
}

struct fault *imports_entries(struct connection *c, struct arena *a, int64_t batch, int64_t before, int most,
                              struct imports_entry **entries, size_t *count)
{
    return db_select(c, a, imports_entry, entries, count,
                     OURS "SELECT id AS id, type AS type, record AS record, act AS act FROM journal"
                          " WHERE batch = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                     ARGS(ARG(batch), ARG(before), ARG(most)));
}

struct fault *imports_changed_since(struct connection *c, struct arena *a, int64_t batch, int most,
                                    struct imports_record **records, size_t *count)
{
    /* All of them before the limit: for the first few, PostgreSQL would compare every pair of entries. */
    return db_select(c, a, imports_record, records, count,
                     OURS "WITH changed AS MATERIALIZED ("
                          "SELECT DISTINCT later.type AS type, later.record AS record"
                          " FROM journal mine JOIN journal later ON later.record = mine.record"
                          " WHERE mine.batch = $1 AND later.batch <> $1 AND later.id > mine.id"
                          " AND later.act <> $2 AND mine.type NOT IN ('import_batch', 'import_mapping'))"
                          " SELECT type AS type, record AS record FROM changed LIMIT $3",
                     ARGS(ARG(batch), ARG((int)JOURNAL_READ), ARG(most)));
}
