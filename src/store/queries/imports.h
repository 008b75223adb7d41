/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* imports.h (queries) - what an import asks the store: is it there already? Every answer is an id, 0 when it
 * is not; each is one look-up in an index. */
#ifndef GRAPPE_QUERIES_IMPORTS_H
#define GRAPPE_QUERIES_IMPORTS_H

#include "db/db.h"

struct fault *imports_site_by_siret(struct connection *, const char *siret, int64_t *site) MUST_CHECK;
struct fault *imports_organisation_by_siren(struct connection *, const char *siren, int64_t *id) MUST_CHECK;
struct fault *imports_organisation_by_uid(struct connection *, const char *uid, int64_t *id) MUST_CHECK;
/* Same folded name, and a site in the same commune (by code, else by folded name); without a commune, no site
 * in any. */
struct fault *imports_organisation_by_name(struct connection *, const char *name, const char *commune,
                                           const char *commune_code, int64_t *id) MUST_CHECK;
/* A site of the organisation in that commune (any, when it is not known); with a SIRET only one without. */
struct fault *imports_site_of(struct connection *, int64_t organisation, const char *siret,
                              const char *commune, const char *commune_code, int64_t *site) MUST_CHECK;
struct fault *imports_capability_titled(struct connection *, int64_t organisation, const char *title,
                                        int64_t *id) MUST_CHECK;
struct fault *imports_certificate_of(struct connection *, int64_t organisation, int64_t term,
                                     int64_t *id) MUST_CHECK;
struct fault *imports_person_by_email(struct connection *, const char *email, int64_t *id) MUST_CHECK;
struct fault *imports_person_of(struct connection *, int64_t organisation, const char *name,
                                int64_t *id) MUST_CHECK;
struct fault *imports_mandate_of(struct connection *, int64_t organisation, int64_t person,
                                 int64_t *id) MUST_CHECK;
struct fault *imports_mapping_of(struct connection *, const char *source, int64_t *id) MUST_CHECK;

/* What one transaction did before the entry `before`, newest first, at most `most` entries. */
#define IMPORTS_ENTRY(COLUMN)                                                                                \
    COLUMN(integer, id) COLUMN(text, type) COLUMN(integer, record) COLUMN(integer, act)
ROW(imports_entry, IMPORTS_ENTRY)
struct fault *imports_entries(struct connection *, struct arena *, int64_t batch, int64_t before, int most,
                              struct imports_entry **, size_t *count) MUST_CHECK;

/* At most `most` records of a batch that somebody changed after it. */
#define IMPORTS_RECORD(COLUMN) COLUMN(text, type) COLUMN(integer, record)
ROW(imports_record, IMPORTS_RECORD)
struct fault *imports_changed_since(struct connection *, struct arena *, int64_t batch, int most,
                                    struct imports_record **, size_t *count) MUST_CHECK;

#endif
